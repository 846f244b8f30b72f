// Single keys, for hands that stay on the keyboard. They rest while someone types, while an
// input method composes, and for whoever switches them off (WCAG 2.1.4).
import { isMine, neighbour } from "./lists.js";

/** True for a key that belongs to an input method, whichever way the browser says so. */
export const composing = (event) => event.isComposing || event.keyCode === 229;

/** Which suggestion a key inserts inside a text field: Alt (on a Mac: Control) and 1–3. */
export function picked(event) {
  const digit = /^(?:Digit|Numpad)([1-3])$/.exec(event.code)?.[1];
  return digit && event.altKey !== event.ctrlKey && !event.metaKey ? Number(digit) : 0;
}

export function startKeys({ store, prefs, act, composer, t, page = document }) {
  const open = () => store.state.open;
  const faq = (place) => {
    const found = store.state.suggestions[open()]?.items[place - 1];
    if (found) composer.current?.insert(found.answer);
  };
  const move = (step) => {
    const next = neighbour(store.state, step);
    if (!next) return;
    act.open(next);
    requestAnimationFrame(() => page.querySelector(".row[aria-current]")?.focus());
  };
  const mine = (then) => (isMine(store.state, open()) ? then() : act.toast(t("take_first")));
  const keys = {
    j: () => move(1), k: () => move(-1),
    t: () => open() && (isMine(store.state, open()) ? keys.r() : act.take(open())),
    w: () => act.choose("waiting"), m: () => act.choose("mine"),
    r: () => open() && mine(() => composer.current?.focus("reply")),
    n: () => composer.current?.focus("note"),
    e: () => open() && mine(() => act.dialog({ kind: "close", conversation: open() })),
    "/": () => page.getElementById("search")?.focus(),
    "?": () => act.dialog({ kind: "help" }),
    1: () => faq(1), 2: () => faq(2), 3: () => faq(3),
  };

  page.addEventListener("keydown", (event) => {
    if (store.state.phase !== "ready" || store.state.dialog || composing(event)) return;
    const place = picked(event);
    if (place && open()) return take(event, () => faq(place));
    if (event.ctrlKey || event.metaKey || event.altKey || !prefs.values.keys || writes(event.target)) return;
    const run = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (run) take(event, run);
  });
}

const take = (event, run) => { event.preventDefault(); run(); };
const writes = (target) => target.matches?.("input, textarea, select, [contenteditable]");
