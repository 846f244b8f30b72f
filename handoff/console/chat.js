// The middle pane: whose chat it is, what was said, what can be done.
import { html, useEffect } from "./html.js";
import { useApp, useSelected } from "./store.js";
import { Clock } from "./clock.js";
import { Composer } from "./composer.js";
import { Avatar, Icon, nameOf } from "./icon.js";
import { count, isMine } from "./lists.js";
import { useTeams } from "./team.js";
import { Thread } from "./thread.js";

export function ChatPane() {
  const { t } = useApp();
  const { id, known } = useSelected((state) => ({ id: state.open, known: Boolean(state.conversations[state.open]) }));
  return html`
    <section class="pane chat" aria-label=${t("chat")}>
      ${id && known ? html`<${Chat} key=${id} id=${id} />` : html`<${Nothing} />`}
    </section>`;
}

function Chat({ id }) {
  const { act } = useApp();
  const { unread, mine } = useSelected((state) => ({
    unread: state.conversations[id].unread, mine: isMine(state, id),
  }));
  // Seen is what stands before someone's eyes: not a chat in a window behind others.
  useEffect(() => {
    const seen = () => { if (mine && document.visibilityState === "visible") act.read(id); };
    seen();
    document.addEventListener("visibilitychange", seen);
    return () => document.removeEventListener("visibilitychange", seen);
  }, [id, unread, mine]);
  return html`
    <${Head} id=${id} />
    <${Thread} id=${id} />
    <${Composer} id=${id} />`;
}

function Head({ id }) {
  const { act, t } = useApp();
  const { one, mine, side } = useSelected((state) => ({
    one: state.conversations[id], mine: isMine(state, id), side: state.side,
  }));
  return html`
    <header class="head">
      <button type="button" class="quiet back" aria-label=${t("back")} onClick=${() => act.open(null)}><${Icon} name="back" /></button>
      <${Avatar} contact=${one.contact} />
      <div class="title">
        <h2>${nameOf(one.contact, t)}</h2>
        <p><${Standing} one=${one} mine=${mine} /></p>
      </div>
      ${one.owed_since && html`<${Clock} since=${one.owed_since} />`}
      <div class="deeds" role="group" aria-label=${t("chat_actions")}>
        ${mine && html`<${Deeds} id=${id} />`}
        <button type="button" class="quiet side-switch" aria-label=${t("contact")} title=${t("contact")} aria-expanded=${side}
          onClick=${() => act.side(!side)}><${Icon} name="panel" /></button>
      </div>
    </header>`;
}

function Standing({ one, mine }) {
  const { t } = useApp();
  const team = useTeams()(one.team);
  const who = one.mode === "assigned" ? (mine ? t("with_me") : t("with", one.assignee)) : t(`mode_${one.mode}_long`);
  return html`<span class="mode" data-mode=${one.mode}>${who}</span> · ${one.channel}${team && ` · ${team}`}`;
}

function Deeds({ id }) {
  const { act, t } = useApp();
  const ask = (kind) => () => act.dialog({ kind, conversation: id });
  return html`
    <${Deed} icon="transfer" label=${t("transfer")} run=${ask("transfer")} />
    <${Deed} icon="bot" label=${t("give_back")} run=${() => act.giveBack(id)} />
    <${Deed} icon="done" label=${t("close")} hint="E" run=${ask("close")} />`;
}

function Deed({ icon, label, hint, run }) {
  return html`
    <button type="button" class="deed" onClick=${run} title=${hint ? `${label} (${hint})` : label} aria-keyshortcuts=${hint}>
      <${Icon} name=${icon} /><span class="label">${label}</span>
    </button>`;
}

function Nothing() {
  const { t } = useApp();
  const { waiting, id } = useSelected((state) => ({ waiting: count(state, "waiting"), id: state.open }));
  if (id) return html`<div class="nothing" role="status"><p>${t("loading")}</p></div>`;
  return html`
    <div class="nothing">
      <${Icon} name="desk" />
      <p class="lead">${waiting ? t("nothing_waiting", { n: waiting }) : t("nothing_open")}</p>
      <dl class="hints">
        <div><dt><kbd>J</kbd> <kbd>K</kbd></dt><dd>${t("key_move")}</dd></div>
        <div><dt><kbd>T</kbd></dt><dd>${t("key_take")}</dd></div>
        <div><dt><kbd>?</kbd></dt><dd>${t("key_help")}</dd></div>
      </dl>
    </div>`;
}
