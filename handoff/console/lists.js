// Which conversations stand in which list, and in what order. Pure.

export const lists = ["waiting", "mine", "all", "closed"];

const held = (one, me) => one?.mode === "assigned" && one.assignee?.id === me;

export const isMine = ({ conversations, me }, id) => held(conversations[id], me?.id);

const GRACE = 10_000;  // the bot may take so long before its customer counts as owed

/** Whether a chat is owed an answer, and not just now being given one by the bot; `now` in ms. */
export const isLate = ({ mode, owed_since }, now) =>
  owed_since !== null && (mode !== "bot" || Date.parse(owed_since) <= now - GRACE);

// Owed an answer, as the desk told us of this very wait, where nobody is to give one: the bot has
// not answered, or the last reply before the close did not get through. An agent must look.
const stranded = (one, owed) => unled.has(one?.mode) && one.owed_since !== null && owed[one.id] === one.owed_since;
const unled = new Set(["bot", "closed"]);

/** Which replies whose fate is open an agent may send again in a chat: "any", "own" or "none". */
export function resends(state, id) {
  if (unled.has(state.conversations[id]?.mode)) return "any";
  return isMine(state, id) ? "own" : "none";
}

export const isStranded = ({ conversations, owed }, id) => stranded(conversations[id], owed);

const inList = {
  waiting: (one, me, owed) => one.mode === "waiting" || stranded(one, owed),
  mine: held,
  all: (one, me, owed) => one.mode !== "closed" || stranded(one, owed),
  closed: (one) => one.mode === "closed",
};

/** The rows of a list: the queue by patience and priority, others by who is owed, then their newest change. */
export function rows({ conversations, pages, owed, me }, list) {
  if (list === "search") return (pages.search?.ids ?? []).map((id) => conversations[id]).filter(Boolean);
  const found = Object.values(conversations).filter((one) => inList[list](one, me?.id, owed));
  if (list === "closed") return found.sort(byChange);
  return found.sort(list === "waiting" ? byPatience : byOwed((one) => one.owed_since && (!unled.has(one.mode) || stranded(one, owed))));
}

/** How many a list counts: who wants a person, whom I have, who is owed an answer by anybody. */
export function count(state, list) {
  if (list === "all") return state.queue.owed;
  const found = rows(state, list);
  if (list !== "waiting") return found.length;
  const waiting = found.filter((one) => one.mode === "waiting").length;
  return Math.max(state.queue.waiting, waiting) + found.length - waiting;
}

/** Unread messages of mine and chats that wait: the figure in the window's title. */
export function attention(state) {
  const unread = rows(state, "mine").filter((one) => one.unread || one.owed_since).length;
  return unread + count(state, "waiting");
}

/** The row `step` away from the open one, or the first. */
export function neighbour(state, step) {
  const shown = rows(state, state.query ? "search" : state.list);
  const at = shown.findIndex((one) => one.id === state.open);
  if (at < 0) return shown[step > 0 ? 0 : shown.length - 1]?.id ?? null;
  return shown[Math.min(Math.max(at + step, 0), shown.length - 1)].id;
}

export const changed = (one) => one.last?.at ?? one.closed ?? one.opened;

const byChange = (left, right) => changed(right).localeCompare(changed(left));
// The desk's own order: a step of priority is worth ten minutes of waiting.
const STEP = 10 * 60_000;
const rank = (one) => Date.parse(one.waiting_since ?? one.owed_since ?? one.opened) - one.priority * STEP;
const byPatience = (left, right) => rank(left) - rank(right) || (left.id < right.id ? -1 : 1);
// Who is owed an answer stands first, the longest wait on top.
const byOwed = (owed) => (left, right) => Boolean(owed(right)) - Boolean(owed(left))
  || (owed(left) ? left.owed_since.localeCompare(right.owed_since) : byChange(left, right));
