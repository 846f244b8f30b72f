import assert from "node:assert/strict";
import { test } from "node:test";
import { initial, reduce } from "../../handoff/console/state.js";
import { same } from "../../handoff/console/store.js";
import { assigned, conversation, me, message } from "./shapes.mjs";

const after = (events, state = { ...initial, me, phase: "ready" }) => events.reduce(reduce, state);
const said = (seq, facts) => ({ type: "message", message: message(seq, facts), cursor: seq });
const stands = (one, cursor = 1) => ({ type: "conversation", conversation: one, cursor });

test("events that come twice, or again after a cut, change nothing more", () => {
  const events = [stands(conversation("c")), said(1), said(2), said(3), stands(conversation("c", { seq: 3 }))];
  const once = after(events);
  assert.deepEqual(after([...events, ...events]), once);
  assert.deepEqual(after([...events, ...events.slice(2)]), once);
});

test("messages stand in the order of their seq, however they come", () => {
  const state = after([said(3), said(1), { type: "thread", conversation: "c", items: [message(1), message(2)] }]);
  assert.deepEqual(state.messages.c.map((one) => one.seq), [1, 2, 3]);
});

test("a page that was read before the news does not undo it", () => {
  const state = after([stands(assigned("c", { seq: 5 })),
    { type: "page", list: "waiting", items: [conversation("c", { seq: 4 })], cursor: null }]);
  assert.equal(state.conversations.c.mode, "assigned");
});

test("the answer to a POST does not undo the news that overtook it", () => {
  const own = { author: "agent", client_id: "u1" };
  for (const status of ["sent", "unknown", "dead"]) {
    const late = { type: "posted", message: message(1, { ...own, status: "pending" }) };
    assert.equal(after([said(1, { ...own, status }), late]).messages.c[0].status, status);
  }
});

test("a reply of unknown fate is pending again after a resend", () => {
  const own = { author: "agent" };
  const state = after([said(1, { ...own, status: "unknown" }), said(1, { ...own, status: "pending" })]);
  assert.equal(state.messages.c[0].status, "pending");
});

test("an own message leaves the outbox when the desk tells of it, by socket or by answer", () => {
  const item = { id: "u1", conversation: "c", kind: "reply", text: "hi", state: "sending" };
  const state = after([{ type: "queued", item }, { type: "queued", item }]);
  assert.equal(state.outbox.length, 1);
  assert.equal(after([said(1, { author: "agent", client_id: "u1" })], state).outbox.length, 0);
});

test("the row shows a new line before its conversation's event, but no note and no notice", () => {
  const state = after([stands(conversation("c")), said(2), said(3, { private: true, author: "agent" }), said(4, { author: "system" })]);
  assert.equal(state.conversations.c.last.seq, 2);
  const told = after([stands(conversation("c", { seq: 4, last: message(4, { author: "system" }) }))], state);
  assert.equal(told.conversations.c.last.seq, 2);
});

test("the cursor only grows, except where the desk itself has a smaller one", () => {
  const state = after([{ type: "welcome", cursor: 7 }, said(9), said(8)]);
  assert.equal(state.cursor, 9);
  assert.equal(after([{ type: "welcome", cursor: 20 }], state).cursor, 9);
  assert.equal(after([{ type: "welcome", cursor: 3 }], state).cursor, 3);
});

test("a chat that went out of sight is in no list and not open any more", () => {
  const open = after([stands(conversation("c")), { type: "opened", conversation: "c" }]);
  const state = after([{ type: "gone", conversation: "c", cursor: 2 }], open);
  assert.deepEqual([state.open, Object.keys(state.conversations)], [null, []]);
});

test("a customer's line ends the sign that they type", () => {
  const typing = after([stands(conversation("c")), { type: "typing", conversation: "c", at: 500 }]);
  assert.equal(typing.typing.c, 500);
  assert.equal(after([said(2)], typing).typing.c, 0);
});

test("signing out forgets everything that was seen", () => {
  const state = after([stands(conversation("c")), said(1), { type: "signed_out" }]);
  assert.deepEqual(state, { ...initial, phase: "signed_out" });
});

test("what a component selects is the same while its parts are", () => {
  const part = {};
  assert.ok(same({ part, n: 1 }, { part, n: 1 }));
  assert.ok(same([part], [part]));
  assert.ok(!same([part], [{}]));
  assert.ok(!same({ part }, { part, more: 1 }));
});
