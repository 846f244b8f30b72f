// Which conversations stand in which list, and in what order. Pure.

export const lists = ["waiting", "mine", "all", "closed"];

const held = (one, me) => one?.mode === "assigned" && one.assignee?.id === me;

export const isMine = ({ conversations, me }, id) => held(conversations[id], me?.id);

const inList = {
  waiting: (one) => one.mode === "waiting",
  mine: held,
  all: (one) => one.mode !== "closed",
  closed: (one) => one.mode === "closed",
};

/** The rows of a list: the queue by patience and priority, others by their newest change. */
export function rows({ conversations, pages, me }, list) {
  if (list === "search") return (pages.search?.ids ?? []).map((id) => conversations[id]).filter(Boolean);
  const found = Object.values(conversations).filter((one) => inList[list](one, me?.id));
  return found.sort(list === "waiting" ? byPatience : list === "mine" ? byOwed : byChange);
}

/** How many rows of a list want a person. */
export function count(state, list) {
  if (list === "waiting") return Math.max(state.queue.waiting, rows(state, list).length);
  return rows(state, list).length;
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
const rank = (one) => Date.parse(one.waiting_since ?? one.opened) - one.priority * STEP;
const byPatience = (left, right) => rank(left) - rank(right) || (left.id < right.id ? -1 : 1);
// Who is owed an answer stands first, the longest wait on top.
const byOwed = (left, right) => Boolean(right.owed_since) - Boolean(left.owed_since)
  || (left.owed_since ? left.owed_since.localeCompare(right.owed_since) : byChange(left, right));
