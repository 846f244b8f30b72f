// Where an agent writes: a reply, or a note only colleagues see. Each has its own draft.
import { html, useEffect, useLayoutEffect, useRef, useState } from "./html.js";
import { useApp, useSelected } from "./store.js";
import { Attach, pasted, useDrop } from "./attach.js";
import { Icon } from "./icon.js";
import { composing } from "./keys.js";
import { isMine } from "./lists.js";
import { TakeBar } from "./take.js";
import { left as timeLeft } from "./time.js";
import { Tray } from "./tray.js";

const TYPING_EVERY = 3000, NONE = [];
const MOST = 10;  // files of one reply

export function Composer({ id }) {
  const { act, clock, composer, drafts, t, uploads } = useApp();
  const mine = useSelected((state) => isMine(state, id));
  const closed = useSelected((state) => state.conversations[id].mode === "closed");
  const [wanted, want] = useState("reply");
  const kind = mine ? wanted : "note";
  const [texts, setTexts] = useState(() => ({ reply: drafts.get(id, "reply"), note: drafts.get(id, "note") }));
  const files = useSelected((state) => state.files[id] ?? NONE);
  const section = useRef(null), field = useRef(null), told = useRef(0), waits = useRef(false);
  const text = texts[kind];
  const busy = kind === "reply" && files.some((one) => one.state === "sending");
  const says = Boolean(text.trim()) || (kind === "reply" && files.some((one) => one.state === "done"));
  const noting = mine || (!closed && (wanted === "note" || Boolean(text)));

  const write = (value, as = kind) => {
    drafts.set(id, as, value);
    setTexts((before) => ({ ...before, [as]: value }));
  };
  const typed = ({ target }) => {
    write(target.value);
    if (kind !== "reply" || !target.value || clock.now() - told.current < TYPING_EVERY) return;
    told.current = clock.now();
    act.typing(id);
  };
  // What is still under way is waited for, and goes with its words.
  const submit = () => {
    waits.current = busy;
    if (busy || !says) return;
    const taken = kind === "reply" ? uploads.take(id) : [];
    act.post(id, kind, text.trim(), taken.splice(0, MOST));
    while (taken.length) act.post(id, kind, "", taken.splice(0, MOST));
    write("");
    told.current = 0;
  };
  const add = (added) => {
    want("reply");
    uploads.add(id, added);
    whenThere(field, (at) => at.focus());
  };
  const key = (event) => {
    if (event.key === "Enter" && !event.shiftKey && !composing(event)) {
      event.preventDefault();
      submit();
    }
    if (event.key === "Escape" && !composing(event)) leave(event.target);
  };

  // Elsewhere the field appears for a note and goes again when it stays empty.
  const left = () => { if (!mine && !text) want("reply"); };

  useLayoutEffect(() => fit(field.current), [text, kind, noting]);
  useEffect(() => { if (waits.current && !busy) submit(); }, [busy]);
  useDrop(section, mine ? add : null);
  useComposer(composer, field, { want, write, mine, texts, restoreFiles: (named) => uploads.restore(id, named) });
  return html`
    <section class="composer" ref=${section} data-kind=${kind} aria-label=${t("composer")}>
      ${!mine && html`<${TakeBar} id=${id} note=${noting || closed ? null : () => composer.current.focus("note")} />`}
      ${mine && html`<${Kinds} kind=${kind} choose=${(next) => composer.current.focus(next)} id=${id} />`}
      ${mine && kind === "reply" && html`<${Tray} id=${id} items=${files} leave=${() => field.current?.focus()} />`}
      ${noting && html`<div class="field">
        ${mine && kind === "reply" && html`<${Attach} add=${add} />`}
        <textarea ref=${field} rows="1" value=${text} onInput=${typed} onKeyDown=${key} onBlur=${left}
          onPaste=${mine ? (event) => pasted(event, add) : null}
          aria-label=${t(kind === "note" ? "note" : "reply")} placeholder=${t(`hint_${kind}`)} />
        <button type="button" class="send" disabled=${!says && !busy} onClick=${submit}>
          <${Icon} name=${kind === "note" ? "lock" : "send"} />${t(kind === "note" ? "save_note" : "send")}
        </button>
      </div>`}
    </section>`;
}

function Kinds({ kind, choose, id }) {
  const { t } = useApp();
  const budget = useSelected((state) => state.conversations[id].budget);
  const tab = (name, key) => html`
    <button type="button" class="kind" aria-pressed=${kind === name} aria-keyshortcuts=${key} onClick=${() => choose(name)}>${t(name)} <kbd aria-hidden="true">${key}</kbd></button>`;
  return html`
    <div class="kinds" role="group" aria-label=${t("composer_kind")}>
      ${tab("reply", "R")}${tab("note", "N")}
      ${budget ? html`<${Budget} budget=${budget} />` : html`<span class="aside enter-hint">${t("enter_hint")}</span>`}
    </div>`;
}

// How many messages the platform still lets through, and for how long.
function Budget({ budget }) {
  const { clock, t } = useApp();
  const time = timeLeft(budget.until, clock.now());
  const spent = !budget.left || !time;
  const said = spent ? t("budget_none") : t(time.h ? "budget_hours" : "budget_minutes", { n: budget.left, of: budget.of, ...time });
  return html`<span class="aside budget" data-spent=${spent}>${said}</span>`;
}

// What keys, suggestions and failed messages do to the field, whichever chat is open.
function useComposer(composer, field, { want, write, mine, texts, restoreFiles }) {
  useEffect(() => {
    const ours = {
      focus(kind) { want(kind); whenThere(field, (at) => at.focus()); },
      restore(kind, text, files = []) { restoreFiles(files); want(kind); write(texts[kind] ? `${texts[kind]}\n${text}` : text, kind); this.focus(kind); },
      insert(text) {
        if (!mine) return;
        want("reply");
        whenThere(field, (at) => insert(at, text));
      },
    };
    composer.current = ours;
    return () => { if (composer.current === ours) composer.current = null; };
  });
}

// A field that has just been asked for may take some frames to be drawn.
function whenThere(field, then, frames = 60) {
  requestAnimationFrame(() => {
    if (field.current) then(field.current);
    else if (frames) whenThere(field, then, frames - 1);
  });
}

// Back to where single keys work, and a screen reader knows where it is.
function leave(field) {
  field.blur();
  document.querySelector(".row[aria-current]")?.focus();
}

/** Put text at the caret as if typed: one undo takes it back. */
function insert(field, text) {
  field.blur();  // ends the run of typing, which one undo would take back with it
  field.focus();
  if (document.execCommand?.("insertText", false, text)) return;
  field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/** As tall as its text; CSS sets the limit. */
function fit(field) {
  if (!field) return;
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight}px`;
}
