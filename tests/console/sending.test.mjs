import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError } from "../../handoff/console/api.js";
import { createDrafts } from "../../handoff/console/drafts.js";
import { createLive, delay } from "../../handoff/console/live.js";
import { createSending, uuid4 } from "../../handoff/console/sending.js";
import { initial, reduce } from "../../handoff/console/state.js";
import { explainer, passwordExplainer, translator } from "../../handoff/console/strings.js";
import { createStore } from "../../handoff/console/store.js";
import { me, message } from "./shapes.mjs";

const settled = () => new Promise((resolve) => setImmediate(resolve));

// A desk that answers as told: each call of reply or note takes the next answer.
function desk(answers) {
  const calls = [], timers = [], kept = [];
  const answer = async (conversation, id, text) => {
    calls.push(`${conversation}/${id}/${text}`);
    const next = answers.shift() ?? "ok";
    if (next instanceof Error) throw next;
    return message(calls.length, { conversation, author: "agent", text, client_id: id });
  };
  const store = createStore(reduce, { ...initial, me, phase: "ready" });
  let number = 0;
  const sending = createSending({
    store, api: { reply: answer, note: answer }, keep: (items) => kept.push(items.length), now: () => 0,
    uuid: () => `u${++number}`, explain: (error) => error.code, later: (run) => timers.push(run),
  });
  return { calls, kept, sending, store, timers };
}

const offline = () => new ApiError(0, { code: "offline" });

test("one conversation's messages go out one after the other, others don't wait", async () => {
  const { calls, sending, store } = desk([]);
  sending.post("a", "reply", "1");
  sending.post("a", "reply", "2");
  sending.post("b", "reply", "3");
  assert.deepEqual(calls, ["a/u1/1", "b/u3/3"]);
  await settled();
  assert.deepEqual(calls, ["a/u1/1", "b/u3/3", "a/u2/2"]);
  assert.deepEqual(store.state.outbox, []);
});

test("what a cut kept back goes out again under the same id", async () => {
  const { calls, sending, store, timers } = desk([offline(), "ok"]);
  sending.post("a", "reply", "1");
  await settled();
  assert.equal(store.state.outbox[0].state, "queued");
  timers.shift()();
  await settled();
  assert.deepEqual(calls, ["a/u1/1", "a/u1/1"]);
  assert.deepEqual(store.state.outbox, []);
});

test("what the desk refuses stays with the reason until the agent decides", async () => {
  const { calls, sending, store, timers } = desk([new ApiError(409, { code: "conflict" })]);
  sending.post("a", "reply", "1");
  sending.post("a", "reply", "2");
  await settled();
  assert.deepEqual([store.state.outbox[0].state, store.state.outbox[0].reason], ["failed", "conflict"]);
  assert.deepEqual([calls.length, timers.length], [1, 0]);
  sending.discard("u1");
  sending.flush();
  await settled();
  assert.deepEqual(calls.at(-1), "a/u2/2");
});

test("the outbox is kept at each change and comes back, with what was on its way, after a reload", async () => {
  const kept = new Map();
  const storage = { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value) };
  createDrafts({ storage, agent: "me" }).keepOutbox([{ id: "u1", state: "sending" }, { id: "u2", state: "failed" }]);
  assert.deepEqual(createDrafts({ storage, agent: "me" }).outbox().map((one) => one.state), ["queued", "failed"]);
  assert.deepEqual(createDrafts({ storage, agent: "other" }).outbox(), []);
});

test("drafts are kept for each chat and kind, and work where storage is forbidden", () => {
  const kept = new Map();
  const storage = { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value) };
  createDrafts({ storage, agent: "me" }).set("a", "reply", "half a");
  const again = createDrafts({ storage, agent: "me" });
  assert.deepEqual([again.get("a", "reply"), again.get("a", "note"), again.get("b", "reply")], ["half a", "", ""]);
  const shut = { getItem() { throw new Error("no"); }, setItem() { throw new Error("no"); } };
  const drafts = createDrafts({ storage: shut, agent: "me" });
  drafts.set("a", "note", "x");
  assert.equal(drafts.get("a", "note"), "x");
});

test("ids are version 4 UUIDs also where the page is not secure", () => {
  const plain = { getRandomValues: (bytes) => globalThis.crypto.getRandomValues(bytes) };
  for (const made of [uuid4(), uuid4(plain)]) assert.match(made, /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
});

test("waits between tries double up to fifteen seconds, with jitter", () => {
  assert.deepEqual([0, 1, 2, 9].map((attempt) => delay(attempt, () => 1)), [500, 1000, 2000, 15_000]);
  assert.deepEqual([0, 9].map((attempt) => delay(attempt, () => 0)), [250, 7500]);
});

test("the live socket comes back by itself, sooner after a nudge, and stops when signed out", async () => {
  const sockets = [], timers = [], states = [];
  let signedIn = true;
  const live = createLive({
    url: () => "ws://desk/live", onEvent() {}, onState: ({ state }) => states.push(state), onRefused: async () => signedIn,
    open: () => { const socket = { close() { this.onclose(); } }; sockets.push(socket); return socket; },
    now: () => 0, later: (run) => timers.push(run), cancel() {},
  });
  const welcome = () => sockets.at(-1).onmessage({ data: '{"type":"welcome","cursor":1}' });
  live.start();
  welcome();
  sockets[0].close();
  await settled();
  timers.shift()();
  welcome();
  live.cut();
  await settled();
  live.nudge();
  assert.equal(sockets.length, 3);
  assert.deepEqual(states, ["connecting", "online", "offline", "online", "offline"]);
  signedIn = false;
  sockets[2].close();
  await settled();
  assert.deepEqual([sockets.length, timers.length], [3, 1]);
});

test("every refusal is told in the agent's language, with its facts", () => {
  const t = translator(() => "zh");
  const explain = explainer(t), password = passwordExplainer(t, explain);
  const error = (status, code, facts = {}) => new ApiError(status, { code, text: "in English", ...facts });
  const table = [
    [explain(error(409, "conflict", { holder: { id: "1", name: "陈博" } })), "陈博 已经在接待这个会话。"],
    [explain(error(409, "conflict")), "情况已经变了：会话可能已结束或换了人接待。"],
    [explain(error(409, "full")), "您手上的会话已满，先结束或转接一个。"],
    [explain(error(429, "too_many", { retry_after: 7 })), "尝试太频繁，请 7 秒后再试。"],
    [explain(error(503, "unavailable")), "服务器暂时处理不了，请稍后再试。"],
    [explain(offline()), "连不上服务器，请稍后再试。"],
    [explain(error(400, "invalid")), "出错了，请再试一次。"],
    [password(error(401, "unauthorized")), "姓名或密码不对。"],
    [password(error(400, "invalid", { shortest: 10 })), "新密码至少 10 个字符。"],
    [password(error(400, "invalid")), "现在的密码不对。"],
  ];
  for (const [told, expected] of table) assert.equal(told, expected);
});
