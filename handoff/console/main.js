// Puts the console together and starts it.
import { html, render, useEffect, useReducer } from "./html.js";
import { createActions } from "./actions.js";
import { createChime, startAlerts } from "./alerts.js";
import { createApi } from "./api.js";
import { ChatPane } from "./chat.js";
import { createTicker } from "./clock.js";
import { ContactPane } from "./contact.js";
import { Dialogs } from "./dialogs.js";
import { FaqNotice } from "./faq.js";
import { startKeys } from "./keys.js";
import { ListPane } from "./list.js";
import { Announcer, Offline, Toast } from "./offers.js";
import { createPrefs } from "./prefs.js";
import { startRoute } from "./route.js";
import { createSending, uuid4 } from "./sending.js";
import { createSession } from "./session.js";
import { SignIn } from "./sign_in.js";
import { initial, reduce } from "./state.js";
import { App, createStore, useApp, useSelected } from "./store.js";
import { explainer, fileExplainer, passwordExplainer, translator } from "./strings.js";
import { createClock, createTimes } from "./time.js";
import { createUploads } from "./uploads.js";

function assemble() {
  const store = createStore(reduce, initial);
  const prefs = createPrefs({
    storage: localStorage, languages: navigator.languages,
    prefersDark: matchMedia("(prefers-color-scheme: dark)"), root: document.documentElement,
  });
  const clock = createClock();
  const t = translator(() => prefs.language);
  const explain = explainer(t);
  const root = new URL("../api/v1/", location.href);
  const api = createApi({ base: root.href, language: () => document.documentElement.lang, onTime: clock.follow });
  const explainPassword = passwordExplainer(t, explain);
  const app = { store, prefs, clock, t, explain, explainPassword, api, composer: { current: null }, chime: createChime() };
  app.times = memo(() => document.documentElement.lang, (language) => createTimes(language, clock.now));
  app.ticker = createTicker({ now: clock.now, limits: () => store.state.desk.limits });
  app.sending = createSending({ store, api, keep: (items) => app.drafts.keepOutbox(items), now: clock.now, uuid: uuid4, explain });
  app.uploads = createUploads({ store, api, explain: fileExplainer(t, explain) });
  app.session = createSession({ store, api, app, storage: localStorage, liveUrl: `${root.href.replace(/^http/, "ws")}live`, clock });
  app.live = app.session.live;
  app.act = createActions({ ...app, go: (id) => app.route.go(id) });
  app.route = startRoute({ show: app.act.show });
  return app;
}

function memo(key, make) {
  let held = null, value = null;
  return () => {
    if (held !== key()) { held = key(); value = make(held); }
    return value;
  };
}

function listen(app) {
  startKeys(app);
  startAlerts({ ...app, open: app.act.open });
  addEventListener("online", app.live.nudge);
  addEventListener("offline", app.live.cut);
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") app.live.nudge(); });
  // Neither the desk's rules nor how the FAQ is come as news.
  setInterval(app.act.look, 60_000);
  addEventListener("focus", app.act.look);
  for (const kind of ["pointerdown", "keydown"]) {
    addEventListener(kind, () => { if (app.prefs.values.sound) app.chime.unlock(); }, { once: true });
  }
  app.store.subscribe((state, before) => {
    if (state.phase === "ready" && before.phase !== "ready") app.route.follow();
  });
}

function Root({ app }) {
  const [, again] = useReducer((count) => count + 1, 0);
  useEffect(() => app.prefs.subscribe(again), []);
  return html`<${App.Provider} value=${app}><${Console} key=${app.prefs.language} /><//>`;
}

function Console() {
  const { t } = useApp();
  const { phase, open } = useSelected((state) => ({ phase: state.phase, open: Boolean(state.open) }));
  if (phase === "loading") return html`<${Unreached} />`;
  if (phase !== "ready") return html`<${SignIn} />`;
  return html`
    <${Offline} /><${FaqNotice} />
    <main class="panes" data-open=${open}>
      <h1 class="hidden">${t("title")}</h1>
      <${ListPane} /><${ChatPane} /><${ContactPane} />
    </main>
    <${Dialogs} /><${Toast} /><${Announcer} />`;
}

function Unreached() {
  const { t } = useApp();
  const offline = useSelected((state) => state.connection.state === "offline");
  return html`<main class="door"><p role="status">${offline && t("unreached")}</p></main>`;
}

const app = assemble();
listen(app);
render(html`<${Root} app=${app} />`, document.getElementById("console"));
app.session.resume();
