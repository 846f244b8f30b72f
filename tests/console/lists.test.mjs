import assert from "node:assert/strict";
import { test } from "node:test";
import { attention, count, isMine, isStranded, neighbour, resends, rows } from "../../handoff/console/lists.js";
import { initial, reduce } from "../../handoff/console/state.js";
import { assigned, conversation, me, message } from "./shapes.mjs";

const state = (...all) => ({ ...initial, me, conversations: Object.fromEntries(all.map((one) => [one.id, one])) });
const ids = (all, list) => rows(all, list).map((one) => one.id).join(" ");
const at = (minute) => `2026-01-01T10:${minute}:00Z`;

test("the queue goes by patience, and a step of priority is worth ten minutes of it", () => {
  const all = state(conversation("late", { waiting_since: at("09") }), conversation("early", { waiting_since: at("01") }),
    conversation("angry", { waiting_since: at("10"), priority: 1 }), conversation("fresh", { waiting_since: at("30"), priority: 2 }),
    conversation("as early", { waiting_since: at("01") }), assigned("mine"));
  assert.equal(ids(all, "waiting"), "angry as early early late fresh");
});

test("mine are only mine, who is owed an answer first and the longest wait on top", () => {
  const all = state(assigned("quiet", { last: message(50) }), assigned("new", { owed_since: at("20") }),
    assigned("old", { owed_since: at("10") }), assigned("other", { assignee: { id: "you", name: "You" } }));
  assert.equal(ids(all, "mine"), "old new quiet");
  assert.ok(isMine(all, "quiet") && !isMine(all, "other") && !isMine(all, "nobody"));
});

test("all are those not closed, the newest change first", () => {
  const all = state(conversation("a", { last: message(1) }), conversation("b", { mode: "bot", last: message(2) }),
    conversation("c", { mode: "closed", closed: at("40") }));
  assert.equal(ids(all, "all"), "b a");
  assert.equal(ids(all, "closed"), "c");
});

test("a chat that nobody will answer stands in the queue, once the desk counts it as owed", () => {
  const chats = [conversation("queued", { waiting_since: at("20") }), conversation("left", { mode: "bot", owed_since: at("10"), waiting_since: null }),
    conversation("asked", { mode: "bot", owed_since: at("40"), waiting_since: null }), conversation("missed", { mode: "closed", owed_since: at("15"), waiting_since: null })];
  const all = { ...state(...chats), owed: { left: at("10"), asked: at("30"), missed: at("15") }, queue: { waiting: 1, owed: 3 } };
  assert.equal(ids(all, "waiting"), "left missed queued");
  assert.equal(ids(all, "all"), "left missed queued asked");
  assert.equal(count(all, "waiting"), 3);
  assert.ok(isStranded(all, "left") && !isStranded(all, "asked") && !isStranded(all, "gone"));
  const answered = reduce(all, { type: "conversation", conversation: { ...chats[1], seq: 2, owed_since: null }, cursor: 1 });
  assert.equal(ids(answered, "waiting"), "missed queued");
});

test("a chat that comes back to the bot with a wait behind it stands in the queue at once", () => {
  const back = (since) => ({ type: "conversation", conversation: conversation("back", { mode: "bot", waiting_since: null, owed_since: at(since) }), at: Date.parse(at("30")), cursor: 1 });
  assert.equal(ids(reduce(state(), back("20")), "waiting"), "back");
  assert.equal(ids(reduce(state(), back("30")), "waiting"), "");
});

test("of all, who is owed an answer stands first, and the figure is the desk's", () => {
  const all = state(conversation("new", { mode: "bot", last: message(50) }), conversation("quick", { mode: "bot", owed_since: at("01"), last: message(40) }),
    assigned("theirs", { owed_since: at("10"), assignee: { id: "you", name: "You" } }), conversation("queued", { owed_since: at("05") }));
  assert.equal(ids(all, "all"), "queued theirs new quick");
  assert.equal(count({ ...all, queue: { waiting: 1, owed: 3 } }, "all"), 3);
});

test("a reply that may not have arrived is sent again by who leads, and by anybody where nobody does", () => {
  const all = state(assigned("mine"), assigned("theirs", { assignee: { id: "you", name: "You" } }),
    conversation("bot", { mode: "bot" }), conversation("closed", { mode: "closed" }), conversation("queued"));
  assert.deepEqual(Object.keys(all.conversations).map((id) => resends(all, id)), ["own", "none", "any", "any", "none"]);
});

test("search shows what the desk found, in its order, without what is gone", () => {
  const all = { ...state(conversation("a"), conversation("b")), pages: { search: { ids: ["b", "gone", "a"] } } };
  assert.equal(ids(all, "search"), "b a");
});

test("the queue's figure is the desk's where it knows of more", () => {
  const all = state(conversation("a"));
  assert.equal(count({ ...all, queue: { waiting: 9, owed: 0 } }, "waiting"), 9);
  assert.equal(count({ ...all, queue: { waiting: 0, owed: 0 } }, "waiting"), 1);
});

test("the title counts who waits for me: the queue, unread and owed", () => {
  assert.equal(attention(state(conversation("a"), assigned("b", { unread: 2 }), assigned("c", { owed_since: at("10") }), assigned("d"))), 3);
});

test("J and K move by one and stay at the ends", () => {
  const all = { ...state(conversation("a", { waiting_since: at("01") }), conversation("b", { waiting_since: at("02") })), list: "waiting" };
  assert.equal(neighbour(all, 1), "a");
  assert.equal(neighbour(all, -1), "b");
  assert.equal(neighbour({ ...all, open: "a" }, 1), "b");
  assert.equal(neighbour({ ...all, open: "b" }, 1), "b");
  assert.equal(neighbour({ ...initial, me }, 1), null);
});
