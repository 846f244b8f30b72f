// What the console knows, and how each event changes it. Pure: the same events, even twice
// or after a reconnect, give the same state, so nothing here asks where an event came from.
import { isLate } from "./lists.js";
import { applyConversations, applyMessages, applyRead, applyTyping } from "./threads.js";
import * as outbox from "./outbox.js";

export const initial = {
  phase: "loading",          // loading | signed_out | must_change | ready
  me: null,
  desk: { teams: [], limits: { greet: 5, reply: 60 }, open: true, outcomes: [], canned: [], largest_file: 0 },
  agents: {},
  queue: { waiting: 0, owed: 0 },
  owed: {},                  // conversation id → since when it is owed, as the desk last told
  cursor: null,
  connection: { state: "connecting", retryAt: null },
  conversations: {},
  messages: {},              // conversation id → its messages in order
  loaded: {},                // conversation id → true when its thread is whole
  pages: {},                 // list name → {loaded, cursor, ids}
  suggestions: {},           // conversation id → {query, items}
  past: {},                  // contact id → ids of their conversations
  typing: {},                // conversation id → milliseconds of the last sign
  files: {},                 // conversation id → files for the next reply, see uploads.js
  outbox: [],                // own messages the desk has not confirmed, in order
  list: "waiting",
  query: "",
  open: null,
  side: false,               // the contact pane, where it is not always in view
  dialog: null,
  toast: null,
};

export const reduce = (state, event) => (reducers[event.type] ?? unchanged)(state, event);

const unchanged = (state) => state;
const put = (key, pick = (event) => event[key]) =>
  (state, event) => ({ ...state, [key]: pick(event, state) });

const reducers = {
  signed_in: (state, { agent, must_change }) =>
    ({ ...state, me: agent, phase: must_change ? "must_change" : "ready" }),
  signed_out: (state, { notice = null }) => ({ ...initial, phase: "signed_out", toast: notice }),
  me: (state, { agent }) => withAgent({ ...state, me: agent }, agent),
  desk: put("desk", ({ desk }, state) => ({ ...state.desk, ...desk })),
  agents: put("agents", ({ items }) => Object.fromEntries(items.map((one) => [one.id, one]))),

  // What is newer than our cursor still comes; only a first or a smaller one is taken over.
  welcome: (state, { cursor }) =>
    ({ ...state, cursor: state.cursor === null ? cursor : Math.min(state.cursor, cursor) }),
  agent: (state, { agent, cursor }) => withCursor(withAgent(state, agent), cursor),
  queue: (state, { waiting, owed, cursor }) =>
    withCursor({ ...state, queue: { waiting, owed } }, cursor),
  conversation: (state, { conversation, at, cursor }) =>
    withCursor(withOwed(applyConversations(state, [conversation]), conversation, at), cursor),
  gone: (state, { conversation, cursor }) =>
    withCursor(forget(state, conversation), cursor),
  message: (state, { message, cursor }) => withCursor(withMessages(state, [message]), cursor),
  posted: (state, { message }) => withMessages(state, [message], { answered: true }),
  typing: (state, { conversation, at, cursor }) =>
    withCursor(applyTyping(state, conversation, at), cursor),
  connection: put("connection"),

  page: (state, { list, items, cursor, more }) => {
    const ids = items.map((one) => one.id);
    const before = more ? state.pages[list]?.ids ?? [] : [];
    const page = { loaded: true, cursor, ids: [...new Set([...before, ...ids])] };
    const known = applyConversations(state, items);
    return { ...known, pages: { ...known.pages, [list]: page } };
  },
  owed: (state, { items }) =>
    ({ ...applyConversations(state, items), owed: Object.fromEntries(items.map((one) => [one.id, one.owed_since])) }),
  thread: (state, { conversation, items }) => {
    const merged = withMessages(state, items, { conversation, answered: true });
    return { ...merged, loaded: { ...merged.loaded, [conversation]: true } };
  },
  past: (state, { contact, items }) => {
    const known = applyConversations(state, items);
    return { ...known, past: { ...known.past, [contact]: items.map((one) => one.id) } };
  },
  suggestions: (state, { conversation, query, items }) =>
    ({ ...state, suggestions: { ...state.suggestions, [conversation]: { query, items } } }),
  read: (state, { conversation }) => applyRead(state, conversation),

  files: (state, { conversation, items }) =>
    ({ ...state, files: { ...state.files, [conversation]: items } }),
  queued: (state, { item }) => ({ ...state, outbox: outbox.queue(state.outbox, item) }),
  outbox_state: (state, { id, state: word, reason }) =>
    ({ ...state, outbox: outbox.mark(state.outbox, id, word, reason) }),
  unqueued: (state, { id }) => ({ ...state, outbox: outbox.drop(state.outbox, id) }),

  opened: (state, { conversation }) =>
    (state.open === conversation ? state : { ...state, open: conversation, side: false }),
  list: (state, { list }) => ({ ...state, list }),
  query: (state, { query }) =>
    ({ ...state, query, pages: { ...state.pages, search: undefined } }),
  side: put("side", ({ shown }) => shown),
  dialog: put("dialog"),
  toast: put("toast"),
};

// Out of our sight: another team's now.
function forget(state, id) {
  const { [id]: _, ...conversations } = state.conversations;
  const loaded = { ...state.loaded, [id]: false };
  return { ...state, conversations, loaded, open: state.open === id ? null : state.open };
}

// Who comes back to the bot with a wait behind them; a wait that begins there the desk will count.
function withOwed(state, one, at) {
  return isLate(one, at) ? { ...state, owed: { ...state.owed, [one.id]: one.owed_since } } : state;
}

function withCursor(state, cursor) {
  return cursor > (state.cursor ?? 0) ? { ...state, cursor } : state;
}

function withAgent(state, agent) {
  const me = state.me?.id === agent.id ? { ...state.me, ...agent } : state.me;
  return { ...state, me, agents: { ...state.agents, [agent.id]: agent } };
}

function withMessages(state, messages, { conversation = messages[0].conversation, answered = false } = {}) {
  const merged = applyMessages(state, conversation, messages, answered);
  return { ...merged, outbox: outbox.confirm(merged.outbox, messages) };
}
