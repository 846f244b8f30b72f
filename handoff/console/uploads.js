// Files on their way to the desk, by conversation. One that is there goes with the next reply.
import { ApiError } from "./api.js";
import { uuid4 } from "./sending.js";

export function createUploads({ store, api, explain, uuid = uuid4 }) {
  const under = new Map();  // id → the function that breaks it off
  const of = (conversation) => store.state.files[conversation] ?? [];
  const put = (conversation, items) => store.send({ type: "files", conversation, items });
  const mark = (conversation, id, facts) =>
    put(conversation, of(conversation).map((one) => (one.id === id ? { ...one, ...facts } : one)));

  async function begin(conversation, item) {
    const { largest_file: largest } = store.state.desk;
    try {
      if (largest && item.file.size > largest) throw new ApiError(413, { code: "too_large", limit: largest });
      const { answer, abort } = api.upload(conversation, item.file, (progress) => mark(conversation, item.id, { progress }));
      under.set(item.id, abort);
      mark(conversation, item.id, { state: "done", attachment: await answer });
    } catch (error) {
      mark(conversation, item.id, { state: "failed", reason: explain(error), again: Boolean(error.passing) });
    }
    under.delete(item.id);
  }

  const drop = (conversation, id) => put(conversation, of(conversation).filter((one) => one.id !== id));
  return {
    add(conversation, files) {
      const items = Array.from(files, (file) => ({ id: uuid(), file, name: file.name, size: file.size, state: "sending", progress: 0 }));
      put(conversation, [...of(conversation), ...items]);
      for (const item of items) begin(conversation, item);
    },
    retry(conversation, item) {
      mark(conversation, item.id, { state: "sending", progress: 0, again: false });
      begin(conversation, item);
    },
    remove(conversation, id) {
      under.get(id)?.();
      drop(conversation, id);
    },
    /** What has arrived, to be named in a reply; it is gone from here then. */
    take(conversation) {
      const done = of(conversation).filter((one) => one.state === "done");
      for (const { id } of done) drop(conversation, id);
      return done.map((one) => one.attachment);
    },
    /** What a reply named that was not sent after all. */
    restore(conversation, attachments) {
      const items = attachments.map((one) => ({ id: one.id, name: one.name, size: one.size, state: "done", attachment: one }));
      put(conversation, [...of(conversation), ...items]);
    },
  };
}
