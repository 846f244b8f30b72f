// Handing a chat on, and ending it with a record.
import { html, useState } from "./html.js";
import { useApp, useSelected } from "./store.js";
import { Dialog } from "./dialog.js";
import { Help } from "./help.js";
import { Settings } from "./settings.js";
import { teamName } from "./team.js";

export function Dialogs() {
  const dialog = useSelected((state) => state.dialog);
  const Kind = { transfer: Transfer, close: Close, help: Help, settings: Settings }[dialog?.kind];
  return Kind ? html`<${Kind} key=${dialog.kind} id=${dialog.conversation} />` : null;
}

function Transfer({ id }) {
  const { act, prefs, t } = useApp();
  const { agents, teams, me } = useSelected((state) => ({ agents: state.agents, teams: state.desk.teams, me: state.me.id }));
  const [to, choose] = useState(null);
  const [note, write] = useState("");
  const others = Object.values(agents).filter((one) => one.id !== me && one.role !== "editor").sort(byReach);
  const submit = async () => {
    if (to && await act.transfer(id, { ...to, note: note.trim() })) act.dialog(null);
  };
  return html`
    <${Dialog} title=${t("transfer_title")} submit=${submit} done=${t("transfer")}>
      <fieldset class="choice-list">
        <legend>${t("transfer_team")}</legend>
        ${teams.map((one, at) => html`<${Choice} key=${one.id} name="to" first=${at === 0} label=${teamName(one, prefs.language)} pick=${() => choose({ team: one.id })} />`)}
      </fieldset>
      <fieldset class="choice-list">
        <legend>${t("transfer_agent")}</legend>
        ${others.map((one) => html`<${Choice} key=${one.id} name="to" label=${one.name} status=${one.status}
          aside=${t(one.load >= one.capacity ? "load_full" : "load_of", one)} pick=${() => choose({ agent: one.id })} />`)}
      </fieldset>
      <label class="stack">${t("transfer_note")}
        <textarea rows="3" value=${note} onInput=${(event) => write(event.target.value)} placeholder=${t("transfer_note_hint")} />
      </label>
    <//>`;
}

const reach = { online: 0, busy: 1, away: 2, offline: 3 };
const byReach = (left, right) => reach[left.status] - reach[right.status] || left.load - right.load;

function Choice({ name, label, status, aside, pick, checked, first }) {
  const { t } = useApp();
  return html`
    <label class="choice">
      <input type="radio" name=${name} required onChange=${pick} defaultChecked=${checked} autofocus=${first} />
      ${status && html`<i class="dot" data-status=${status} aria-hidden="true" />`}
      <span>${label}</span>
      ${status && html`<small>${t(`status_${status}`)}${aside && ` · ${aside}`}</small>`}
    </label>`;
}

function Close({ id }) {
  const { act, prefs, t } = useApp();
  const { outcomes, messages } = useSelected((state) => ({ outcomes: state.desk.outcomes, messages: state.messages[id] }));
  const [outcome, choose] = useState(outcomes[0]?.id);
  const [summary, write] = useState(() => draftSummary(messages ?? [], t));
  // What the agent has seen is what stood there when they began to close, or when told of more.
  const [seen, see] = useState(() => newest(messages));
  const [written, warn] = useState(false);
  const submit = async () => {
    const fate = await act.close(id, { outcome, summary: summary.trim(), seq: seen });
    if (fate === "closed") return act.dialog(null);
    if (fate?.seen) { see(fate.seen); warn(true); }
    return undefined;
  };
  return html`
    <${Dialog} title=${t("close_title")} submit=${submit} done=${t("close")}>
      <div role="alert">${written && html`<p class="notice" data-tone="wait">${t("close_written")}</p>`}</div>
      <fieldset class="choice-list across">
        <legend>${t("outcome")}</legend>
        ${outcomes.map((one, at) => html`<${Choice} key=${one.id} name="outcome" checked=${at === 0} first=${at === 0}
          label=${prefs.language === "zh" ? one.zh : one.en} pick=${() => choose(one.id)} />`)}
      </fieldset>
      <label class="stack">${t("summary")}
        <textarea rows="5" value=${summary} onInput=${(event) => write(event.target.value)} />
      </label>
    <//>`;
}

const newest = (messages) => messages?.at(-1)?.seq;

/** A first record to correct: what they asked at most length, and what they were last told. */
export function draftSummary(messages, t) {
  const open = messages.filter((one) => !one.private && one.text);
  const asked = open.filter((one) => one.author === "customer" && one.kind === "text")
    .reduce((longest, one) => (one.text.length > (longest?.text.length ?? 0) ? one : longest), null);
  const told = open.findLast((one) => one.author === "agent");
  return [asked && t("summary_asked", { text: clip(asked.text) }), told && t("summary_told", { text: clip(told.text) })]
    .filter(Boolean).join("\n");
}

const clip = (text) => {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > 120 ? `${line.slice(0, 119)}…` : line;
};
