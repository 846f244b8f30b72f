import assert from "node:assert/strict";
import { test } from "node:test";
import { worth } from "../../handoff/console/alerts.js";
import { createTicker } from "../../handoff/console/clock.js";
import { composing, picked } from "../../handoff/console/keys.js";
import { initial } from "../../handoff/console/icon.js";
import { parts, safe } from "../../handoff/console/links.js";
import { initial as empty, reduce } from "../../handoff/console/state.js";
import { preferred } from "../../handoff/console/prefs.js";
import { arrange } from "../../handoff/console/thread.js";
import { createClock, createTimes, lapse, tone } from "../../handoff/console/time.js";
import { draftSummary } from "../../handoff/console/dialogs.js";
import { assigned, conversation, me, message } from "./shapes.mjs";
import { teamName } from "../../handoff/console/team.js";
import { refusedFor } from "../../handoff/console/faq.js";

const hrefs = (text) => parts(text).filter((one) => one.href).map((one) => one.href);

test("only http and https become links, without the sentence around them", () => {
  const table = {
    "see https://a.example/b?c=1#d.": ["https://a.example/b?c=1#d"],
    "看这里https://a.example/订单,谢谢": ["https://a.example/"],
    "看这里:https://a.example/x。": ["https://a.example/x"],
    "(https://a.example/x_(y))": ["https://a.example/x_(y)"],
    'http://a.example/"onmouseover=alert(1)': ["http://a.example/"],
    "http://a.example/<img src=x>": ["http://a.example/"],
    "javascript:alert(1) data:text/html,x vbscript:x file:///etc ftp://a.example": [],
    "JaVaScRiPt:alert(1)//https://": [],
    "http://": [],
  };
  for (const [text, expected] of Object.entries(table)) assert.deepEqual(hrefs(text), expected, text);
});

test("the parts of a text joined are the text", () => {
  for (const text of ["", "plain", "https://a.example", "a https://b.example, c http://d.example/e) f", "\n<b>\n"]) {
    assert.equal(parts(text).map((one) => one.text).join(""), text);
  }
});

test("an attachment's address is a link only over http", () => {
  assert.ok(safe("/files/1") && safe("https://a.example/x"));
  assert.ok(!safe("javascript:alert(1)") && !safe("data:text/html,x") && !safe(" javascript:alert(1)"));
});

test("waiting times read like a stop watch, then like a calendar", () => {
  const table = [[0, "0:00"], [-3, "0:00"], [59.9, "0:59"], [60, "1:00"], [3599, "59:59"], [3600, "1:00:00"], [86400 * 2 + 7200, "2d 2h"]];
  for (const [seconds, expected] of table) assert.equal(lapse(seconds), expected);
});

test("a reply clock is green, amber from the greeting's limit, red from the reply's", () => {
  const limits = { greet: 5, reply: 60 };
  const table = [[0, "green"], [4.9, "green"], [5, "amber"], [59.9, "amber"], [60, "red"]];
  for (const [seconds, expected] of table) assert.equal(tone(seconds, limits), expected);
});

test("all clocks tick by one timer, writing only what changed, and it ends with the last of them", () => {
  let ticks = null, time = 10_000, writes = 0;
  const ticker = createTicker({
    now: () => time, limits: () => ({ greet: 5, reply: 60 }),
    every: (run) => { assert.equal(ticks, null); ticks = run; return "timer"; }, stop: () => { ticks = null; },
  });
  const element = () => ({ dataset: {}, text: "", get textContent() { return this.text; }, set textContent(text) { writes += 1; this.text = text; } });
  const [one, two] = [element(), element()];
  const ends = [ticker.add(one, 10_000), ticker.add(two, 0)];
  assert.deepEqual([one.text, one.dataset.tone, two.text, two.dataset.tone], ["0:00", "green", "0:10", "amber"]);
  ticks();
  assert.equal(writes, 2);
  time = 70_500;
  ticks();
  assert.deepEqual([one.text, one.dataset.tone, two.text], ["1:00", "red", "1:10"]);
  for (const end of ends) end();
  assert.equal(ticks, null);
});

test("a time is short today and has its date on other days", () => {
  const now = new Date(2026, 0, 5, 12, 0), times = createTimes("en-GB", () => now.getTime());
  const at = (day, hour) => new Date(2026, 0, day, hour, 5).toISOString();
  assert.deepEqual([times.stamp(at(5, 9)), times.stamp(at(4, 9))], ["09:05", "04/01"]);
  assert.deepEqual([times.due(at(5, 17)), times.due(at(6, 9))], ["17:05", "06/01, 09:05"]);
  assert.deepEqual([times.isToday(at(5, 0)), times.isToday(at(6, 0))], [true, false]);
});

test("the clock follows the desk's where the computer's is wrong, and not a second's rounding", () => {
  const clock = createClock(() => 1_000_000_000_000);
  clock.follow(new Date(1_000_000_001_000).toUTCString());
  assert.equal(clock.now(), 1_000_000_000_000);
  clock.follow(new Date(1_000_000_300_000).toUTCString());
  assert.equal(clock.now(), 1_000_000_300_500);
});

test("a key belongs to the input method, whichever way the browser says so", () => {
  assert.ok(composing({ isComposing: true, keyCode: 13 }));
  assert.ok(composing({ isComposing: false, keyCode: 229 }));
  assert.ok(!composing({ isComposing: false, keyCode: 13 }));
});

test("Alt or Control with 1 to 3 picks a suggestion inside a field", () => {
  const key = (facts) => picked({ code: "Digit2", altKey: false, ctrlKey: false, metaKey: false, ...facts });
  assert.equal(key({ altKey: true }), 2);
  assert.equal(key({ ctrlKey: true }), 2);
  assert.equal(key({}), 0);
  assert.equal(key({ altKey: true, ctrlKey: true }), 0);
  assert.equal(key({ altKey: true, code: "Digit4" }), 0);
  assert.equal(key({ metaKey: true, altKey: true }), 0);
});

test("the browser's first language of ours is taken, Chinese without one", () => {
  assert.deepEqual([["en-US", "zh"], ["zh-TW", "en"], ["fr", "en"], ["fr"], []].map(preferred), ["en", "zh", "en", "zh", "zh"]);
});

test("an agent is called for their customer's line, a new wait and a handed chat, once", () => {
  const run = (events) => {
    let state = { ...empty, me, phase: "ready" };
    return events.map((event) => {
      const before = state;
      state = reduce(state, event);
      return worth(event, before, state)?.kind ?? null;
    });
  };
  const now = (one) => ({ type: "conversation", conversation: one, cursor: 1 });
  const line = (facts) => ({ type: "message", message: message(2, facts), cursor: 2 });
  assert.deepEqual(run([now(conversation("c")), now(conversation("c"))]), ["waiting", null]);
  assert.deepEqual(run([now(assigned("c")), line(), line()]), [null, "message", null]);
  assert.deepEqual(run([now(assigned("c")), line({ author: "agent" })]), [null, null]);
  assert.deepEqual(run([now(conversation("c", { mode: "bot" })), line(), now(assigned("c", { seq: 3 }))]), [null, null, "given"]);
});

test("an avatar tells contacts apart, with a name or without", () => {
  const table = [["王女士", "王"], ["tom", "T"], ["  <img", "I"], ["😀", "7f"], ["", "7f"]];
  for (const [name, expected] of table) assert.equal(initial({ id: "abc7f", name }), expected);
});

test("a run of one author within three minutes has one byline", () => {
  const heads = arrange([message(1), message(2), message(3, { author: "bot" }), message(9, { author: "bot" }), message(10, { author: "bot", private: true })]);
  assert.deepEqual(heads.map((one) => one.head), [true, false, true, true, true]);
  assert.deepEqual(heads.map((one) => one.day), [true, false, false, false, false]);
});

test("the summary begins with the longest question and the last answer, on a line each, without notes", () => {
  const t = (key, { text }) => `${key}: ${text}`;
  const said = [message(0, { text: "hello" }), message(1, { text: "do you\nship?" }), message(2, { author: "agent", text: "yes" }), message(3, { author: "agent", text: "secret", private: true })];
  assert.equal(draftSummary(said, t), "summary_asked: do you ship?\nsummary_told: yes");
  assert.equal(draftSummary([], t), "");
});

test("a team is called as the reader's language has it, else by the name it has", () => {
  const sales = { id: "sales", name: "售前", zh: "售前", en: "Sales" };
  assert.deepEqual([teamName(sales, "en"), teamName(sales, "zh")], ["Sales", "售前"]);
  assert.equal(teamName({ id: "shop", name: "Shop", zh: "", en: "" }, "zh"), "Shop");
  assert.equal(teamName(undefined, "zh"), undefined);
});

test("what is wrong with the FAQ is told to supervisors", () => {
  const desk = { faq: { since: null, entries: 3, refused: ["shipping.yaml:3 no answer"] } };
  assert.deepEqual(refusedFor({ me: { role: "supervisor" }, desk }), ["shipping.yaml:3 no answer"]);
  assert.equal(refusedFor({ me: { role: "agent" }, desk }), null);
  assert.equal(refusedFor({ me: { role: "supervisor" }, desk: { faq: { ...desk.faq, refused: null } } }), null);
  assert.equal(refusedFor({ me: { role: "supervisor" }, desk: {} }), null);
});
