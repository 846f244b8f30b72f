// Conversations and their messages under events that may come twice, late, or both by
// socket and by request.

/** Take each conversation unless a newer state of it is already known. */
export function applyConversations(state, incoming) {
  const conversations = { ...state.conversations };
  for (const one of incoming) {
    const known = conversations[one.id];
    if (!(known?.seq > one.seq)) conversations[one.id] = { ...one, last: telling(one.last) ?? known?.last ?? one.last };
  }
  return { ...state, conversations };
}

/**
 * Merge messages of one conversation by id, in the order of their seq. Events tell the newest
 * state; the answer to a request (`answered`) may be older than the news that overtook it, so it
 * only adds what is not there yet.
 */
export function applyMessages(state, conversation, incoming, answered = false) {
  if (!incoming.length) return withThread(state, conversation, state.messages[conversation] ?? []);
  const byId = new Map((state.messages[conversation] ?? []).map((one) => [one.id, one]));
  for (const one of incoming) if (!answered || !byId.has(one.id)) byId.set(one.id, one);
  const thread = [...byId.values()].sort((left, right) => left.seq - right.seq);
  return withLast(withThread(state, conversation, thread), conversation, incoming);
}

export function applyTyping(state, conversation, at) {
  return { ...state, typing: { ...state.typing, [conversation]: at } };
}

export function applyRead(state, conversation) {
  const known = state.conversations[conversation];
  if (!known?.unread) return state;
  const conversations = { ...state.conversations, [conversation]: { ...known, unread: 0 } };
  return { ...state, conversations };
}

// What a row is to show: not our notes, nor what we say to everybody who waits.
const telling = (one) => (one && !one.private && one.author !== "system" ? one : null);

function withThread(state, conversation, thread) {
  return { ...state, messages: { ...state.messages, [conversation]: thread } };
}

// The row in the list shows the newest message at once, before its conversation event.
function withLast(state, conversation, incoming) {
  const typing = incoming.some((one) => one.author === "customer")
    ? { ...state.typing, [conversation]: 0 } : state.typing;
  const known = state.conversations[conversation];
  const last = incoming.filter(telling).at(-1);
  if (!known || !last || known.last?.seq > last.seq) return { ...state, typing };
  const conversations = { ...state.conversations, [conversation]: { ...known, last } };
  return { ...state, typing, conversations };
}
