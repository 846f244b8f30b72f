// Conversations and messages as the desk sends them, for tests.
export const conversation = (id, facts = {}) => ({
  id, channel: "website", mode: "waiting", contact: { id: `k${id}`, name: `Customer ${id}`, language: "en" },
  assignee: null, team: null, priority: 0, opened: "2026-01-01T10:00:00Z", owed_since: null,
  waiting_since: "2026-01-01T10:00:00Z", closed: null, seq: 1, unread: 0, outcome: null,
  summary: null, rating: null, comment: null, last: null, budget: null, ...facts,
});

export const message = (seq, facts = {}) => ({
  id: `m${seq}`, conversation: "c", seq, author: "customer", name: "", text: `line ${seq}`,
  at: new Date(Date.UTC(2026, 0, 1, 10, seq)).toISOString(), kind: "text", private: false, suggestions: [],
  attachments: [], status: null, detail: "", edited: null, client_id: null, ...facts,
});

export const me = { id: "me", name: "Lin", role: "agent", status: "online", teams: [], load: 1, capacity: 5 };
export const assigned = (id, facts = {}) => conversation(id, { mode: "assigned", assignee: { id: "me", name: "Lin" }, ...facts });
