// Calls an agent who looks elsewhere: a chime, a desktop notification, the window's title.
import { wordsOf } from "./attachments.js";
import { nameOf } from "./icon.js";
import { attention, isMine } from "./lists.js";

/** What an event is worth telling: {conversation, kind: "message"|"waiting"|"given"} or null. */
export function worth(event, before, after) {
  if (event.type === "message") return aboutMessage(event.message, before, after);
  if (event.type !== "conversation") return null;
  const { id, mode } = event.conversation;
  const was = before.conversations[id];
  if (mode === "waiting" && was?.mode !== "waiting") return { conversation: id, kind: "waiting" };
  const given = isMine(after, id) && was && !isMine(before, id) && event.cursor;
  return given ? { conversation: id, kind: "given" } : null;
}

function aboutMessage(message, before, after) {
  const known = before.messages[message.conversation]?.some((one) => one.id === message.id);
  if (message.author !== "customer" || known || !isMine(after, message.conversation)) return null;
  return { conversation: message.conversation, kind: "message" };
}

/** Two soft notes, made here: no file to load, nothing to decode. */
export function createChime(Context = globalThis.AudioContext) {
  let context = null, last = 0;
  const note = (pitch, at) => {
    const tone = context.createOscillator(), loudness = context.createGain();
    tone.frequency.value = pitch;
    loudness.gain.setValueAtTime(0, at);
    loudness.gain.linearRampToValueAtTime(0.12, at + 0.02);
    loudness.gain.exponentialRampToValueAtTime(0.0001, at + 0.5);
    tone.connect(loudness).connect(context.destination);
    tone.start(at);
    tone.stop(at + 0.5);
  };
  return {
    /** Browsers give sound only after a click or key. */
    unlock() { context ??= Context ? new Context() : null; context?.resume(); },
    play() {
      if (context?.state !== "running" || context.currentTime - last < 1.5) return;
      last = context.currentTime;
      note(659.25, last);
      note(987.77, last + 0.12);
    },
  };
}

export function startAlerts({ store, prefs, chime, t, open, page = document, Notify = globalThis.Notification }) {
  const looking = (id) => page.hasFocus() && store.state.open === id;

  function tell({ conversation, kind }) {
    if (prefs.values.sound) chime.play();
    if (!prefs.values.notify || page.hasFocus() || Notify?.permission !== "granted") return;
    const one = store.state.conversations[conversation];
    const note = new Notify(t(`alert_${kind}`, { name: nameOf(one.contact, t) }), { body: one.last ? wordsOf(one.last, t) : "", tag: conversation });
    note.onclick = () => { window.focus(); open(conversation); note.close(); };
  }

  function title(state) {
    const waiting = state.phase === "ready" ? attention(state) : 0;
    page.title = (waiting ? `(${waiting}) ` : "") + t("title");
    page.querySelector("link[rel=icon]").href = waiting ? "icon-alert.svg" : "icon.svg";
  }

  store.subscribe((state, before, event) => {
    title(state);
    const news = state.phase === "ready" && worth(event, before, state);
    if (news && !looking(news.conversation)) tell(news);
  });
  prefs.subscribe(() => title(store.state));
}
