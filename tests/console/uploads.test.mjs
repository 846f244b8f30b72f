import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError } from "../../handoff/console/api.js";
import { wordsOf } from "../../handoff/console/attachments.js";
import { initial, reduce } from "../../handoff/console/state.js";
import { createStore } from "../../handoff/console/store.js";
import { explainer, fileExplainer, translator } from "../../handoff/console/strings.js";
import { left } from "../../handoff/console/time.js";
import { createUploads } from "../../handoff/console/uploads.js";

const settled = () => new Promise((resolve) => setImmediate(resolve));
const t = translator(() => "en");
const picture = { name: "a.png", size: 900 };

// A desk that takes files when it is told to.
function desk() {
  const calls = [];
  const api = {
    upload(conversation, file, progress) {
      const call = { conversation, file, progress, aborted: false };
      const answer = new Promise((resolve, reject) => Object.assign(call, { resolve, reject }));
      calls.push(call);
      return { answer, abort: () => { call.aborted = true; call.reject(new ApiError(0, { code: "offline" })); } };
    },
  };
  const store = createStore(reduce, { ...initial, desk: { ...initial.desk, largest_file: 1e6 } });
  let number = 0;
  const uploads = createUploads({ store, api, explain: fileExplainer(t, explainer(t)), uuid: () => `u${++number}` });
  const shown = (id = "c") => (store.state.files[id] ?? []).map((one) => `${one.name} ${one.state} ${one.reason ?? one.progress ?? ""}`.trim());
  return { calls, shown, store, uploads };
}

test("a file shows how far it is and goes with the next reply, once", async () => {
  const { calls, shown, uploads } = desk();
  uploads.add("c", [picture]);
  assert.deepEqual(shown(), ["a.png sending 0"]);
  calls[0].progress(0.5);
  assert.deepEqual(shown(), ["a.png sending 0.5"]);
  assert.deepEqual(uploads.take("c"), []);
  calls[0].resolve({ id: "f1", name: "a.png" });
  await settled();
  assert.deepEqual(uploads.take("c"), [{ id: "f1", name: "a.png" }]);
  assert.deepEqual(shown(), []);
});

test("one conversation's files are not another's", async () => {
  const { calls, shown, uploads } = desk();
  uploads.add("c", [picture]);
  uploads.add("d", [picture]);
  for (const call of calls) call.resolve({ id: call.conversation });
  await settled();
  assert.deepEqual(uploads.take("d"), [{ id: "d" }]);
  assert.deepEqual(shown("c"), ["a.png done 0"]);
});

test("a file that is taken out is broken off and stays out", async () => {
  const { calls, shown, uploads } = desk();
  uploads.add("c", [picture, { name: "b.pdf", size: 1 }]);
  uploads.remove("c", "u1");
  await settled();
  assert.equal(calls[0].aborted, true);
  assert.deepEqual(shown(), ["b.pdf sending 0"]);
});

test("a failed file says why; a cut may be tried again", async () => {
  const { calls, shown, store, uploads } = desk();
  uploads.add("c", [picture, picture, { name: "film.mp4", size: 2e6 }]);
  calls[0].reject(new ApiError(400, { code: "invalid", why: "pixels" }));
  calls[1].reject(new ApiError(0, { code: "offline" }));
  await settled();
  assert.deepEqual(shown(), [
    "a.png failed This picture has more than 20 megapixels. Make it smaller.",
    "a.png failed The server can't be reached. Please try again.",
    "film.mp4 failed Larger than 1 MB: send a smaller one.",
  ]);
  assert.deepEqual(store.state.files.c.map((one) => one.again), [false, true, false]);
  uploads.retry("c", store.state.files.c[1]);
  calls[2].resolve({ id: "f1" });
  await settled();
  assert.deepEqual(uploads.take("c"), [{ id: "f1" }]);
});

test("what is left of a budget is told in hours, then in minutes, then not at all", () => {
  const until = "2026-01-03T00:00:00Z";
  const at = (text) => left(until, Date.parse(text));
  assert.deepEqual(at("2026-01-01T16:30:00Z"), { h: 31 });
  assert.deepEqual(at("2026-01-02T23:00:00Z"), { h: 1 });
  assert.deepEqual(at("2026-01-02T23:01:00Z"), { m: 59 });
  assert.deepEqual(at("2026-01-02T23:59:59Z"), { m: 1 });
  assert.equal(at(until), null);
});

test("a message without words is told by what came with it", () => {
  assert.equal(wordsOf({ text: "hi", attachments: [{ kind: "image", name: "a.png" }] }, t), "hi");
  assert.equal(wordsOf({ text: "", attachments: [{ kind: "image", name: "a.png" }, { kind: "voice", name: "" }] }, t), "a.png · Voice message");
  assert.equal(wordsOf({ text: "", attachments: [] }, t), "");
});
