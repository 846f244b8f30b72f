// Sends what stands in the outbox: in order within a conversation, again after every cut,
// always under the id the message was born with.
import { ready } from "./outbox.js";
import { delay } from "./live.js";

export function createSending({ store, api, keep, now, uuid, explain, later = setTimeout }) {
  let attempt = 0, timer = null;

  store.subscribe((state, before) => {
    if (state.outbox !== before.outbox && state.me) keep(state.outbox);
  });

  function post(conversation, kind, text, files = []) {
    const item = { id: uuid(), conversation, kind, text, files, at: new Date(now()).toISOString(), state: "queued", reason: "" };
    store.send({ type: "queued", item });
    flush();
  }

  function flush() {
    timer = null;
    for (const item of ready(store.state.outbox)) transmit(item);
  }

  async function transmit(item) {
    mark(item, "sending");
    const send = item.kind === "note" ? api.note : api.reply;
    try {
      const message = await send(item.conversation, item.id, item.text, (item.files ?? []).map((one) => one.id));
      attempt = 0;
      store.send({ type: "posted", message });
      store.send({ type: "unqueued", id: item.id });
      flush();
    } catch (error) {
      settle(item, error);
    }
  }

  // What can't pass by itself waits for the person; they see why and may change it.
  function settle(item, error) {
    if (!error.passing && error.status !== 401) return mark(item, "failed", explain(error));
    mark(item, "queued");
    timer ??= later(flush, delay(attempt++));
  }

  const mark = (item, state, reason) =>
    store.send({ type: "outbox_state", id: item.id, state, reason });

  return {
    post,
    flush,
    restore(items) { for (const item of items) store.send({ type: "queued", item }); },
    retry(id) { store.send({ type: "outbox_state", id, state: "queued" }); flush(); },
    discard(id) { store.send({ type: "unqueued", id }); },
  };
}

/** A version 4 UUID, also on a plain-http address where crypto.randomUUID is absent. */
export function uuid4(crypto = globalThis.crypto) {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
