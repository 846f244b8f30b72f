// Unfinished texts and unsent messages of one agent, kept through reloads and cuts.
import { read, write } from "./prefs.js";
import { revive } from "./outbox.js";

export function createDrafts({ storage, agent }) {
  const draftsKey = `frontdesk.drafts.${agent}`, outboxKey = `frontdesk.outbox.${agent}`;
  const drafts = read(storage, draftsKey);
  const name = (conversation, kind) => `${conversation} ${kind}`;
  return {
    get: (conversation, kind) => drafts[name(conversation, kind)] ?? "",
    set(conversation, kind, text) {
      if (text) drafts[name(conversation, kind)] = text;
      else delete drafts[name(conversation, kind)];
      write(storage, draftsKey, drafts);
    },
    has: (conversation) => Boolean(drafts[name(conversation, "reply")]),
    outbox: () => revive(read(storage, outboxKey).items ?? []),
    keepOutbox: (items) => write(storage, outboxKey, { items }),
  };
}
