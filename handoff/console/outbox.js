// Own messages that the desk has not confirmed yet. Each carries an id made here, so that it
// can be sent again after any cut without becoming two.

/** item: {id, conversation, kind: "reply"|"note", text, files, at, state, reason} */
export function queue(items, item) {
  return items.some((one) => one.id === item.id) ? items : [...items, item];
}

/** state: queued | sending | failed */
export function mark(items, id, state, reason = "") {
  return items.map((one) => (one.id === id ? { ...one, state, reason } : one));
}

export const drop = (items, id) => items.filter((one) => one.id !== id);

/** Without those that came back as messages. */
export function confirm(items, messages) {
  const known = new Set(messages.map((one) => one.client_id).filter(Boolean));
  return items.some((one) => known.has(one.id)) ? items.filter((one) => !known.has(one.id)) : items;
}

/** The first unsent item of each conversation: its order is kept, others don't wait for it. */
export function ready(items) {
  const seen = new Set();
  return items.filter((one) => {
    const first = !seen.has(one.conversation);
    seen.add(one.conversation);
    return first && one.state === "queued";
  });
}

/** Items as they are kept through a reload: what was on its way is tried again. */
export const revive = (items) =>
  items.map((one) => (one.state === "sending" ? { ...one, state: "queued" } : one));
