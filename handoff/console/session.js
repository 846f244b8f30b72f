// Signing in and out, and what starts and ends with it: the live socket and the first load.
import { createDrafts } from "./drafts.js";
import { createLive, delay } from "./live.js";

export function createSession({ store, api, app, storage, liveUrl, clock, later = setTimeout }) {
  const live = createLive({
    url: () => liveUrl + (store.state.cursor === null ? "" : `?after=${store.state.cursor}`),
    onEvent: (event) => store.send({ ...event, at: clock.now() }),
    onState: (connection) => store.send({ type: "connection", connection }),
    onRefused: stillIn,
  });

  store.subscribe((state, before, event) => {
    if (state.connection !== before.connection) connectionChanged(state, before);
    if (event.type === "welcome") app.act.recheck(missing(state, event.desk));
    if (state.queue.owed !== before.queue.owed && state.phase === "ready") app.act.loadOwed();
    if (event.type === "gone" && before.open === event.conversation) left();
  });

  // What we hold open and the desk, at a welcome, does not name.
  function missing({ conversations }, named) {
    const known = new Set(named);
    return named ? Object.values(conversations)
      .filter(({ id, mode }) => (mode === "waiting" || mode === "assigned") && !known.has(id))
      .map(({ id }) => id) : [];
  }

  function left() {
    app.act.open(null);
    app.act.toast(app.t("gone"));
  }

  // Lists are read again with each new connection: what the socket can't replay is in them.
  function connectionChanged(state, before) {
    if (state.connection.state === "connecting" || state.phase !== "ready") return;
    const back = state.connection.state === "online";
    if (back || before.connection.state === "connecting") app.act.refresh();
    if (back) app.sending.flush();
  }

  async function stillIn() {
    try {
      await api.me();
      return true;
    } catch (error) {
      if (error.status === 401) ended(app.t("session_ended"));
      return error.status !== 401;
    }
  }

  function ended(notice) {
    live.stop();
    store.send({ type: "signed_out", notice: notice && { tone: "info", text: notice } });
  }

  async function enter(opened) {
    app.drafts = createDrafts({ storage, agent: opened.agent.id });
    if (opened.agent.role === "editor" && !opened.must_change) return leave(app.t("editors_elsewhere"));
    store.send({ type: "signed_in", ...opened });
    if (opened.must_change) return undefined;
    app.sending.restore(app.drafts.outbox());
    return live.start();
  }

  async function leave(notice = null) {
    await api.signOut().catch(() => null);
    ended(notice);
  }

  return {
    live,
    ended,
    /** Go on with the session of this browser; ask again while the desk can't be reached. */
    async resume(attempt = 0) {
      const wait = delay(attempt);
      try {
        await enter(await api.me());
      } catch (error) {
        if (!error.passing) return ended();
        store.send({ type: "connection", connection: { state: "offline", retryAt: clock.now() + wait } });
        later(() => this.resume(attempt + 1), wait);
      }
      return undefined;
    },
    signIn: async (name, password) => enter(await api.signIn(name, password)),
    async changePassword(old, fresh) {
      await api.changePassword(old, fresh);
      if (store.state.phase === "must_change") await enter(await api.me());
    },
    signOut: () => leave(),
  };
}
