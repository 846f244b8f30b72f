// What an agent can do, as functions: each asks the desk, tells the store, and says what
// went wrong in words.
import { isLate } from "./lists.js";

const PAGE = 40, OWED = 200, THREAD = 1000;
const LIKELY = 0.2;

export function createActions({ store, api, sending, session, explain, t, go, composer, clock }) {
  const state = () => store.state;
  const toast = (text, tone = "info") => store.send({ type: "toast", toast: { text, tone } });

  /** The answer, or null after the agent was told why there is none. */
  async function attempt(promise) {
    try {
      return await promise;
    } catch (error) {
      return refused(error);
    }
  }

  function refused(error) {
    if (error.status === 401) session.ended(t("session_ended"));
    else toast(explain(error), "bad");
    return null;
  }

  async function loadList(list, more = false) {
    const cursor = more ? state().pages[list]?.cursor : undefined;
    const page = await attempt(api.conversations({ ...queries[list](state()), limit: PAGE, cursor }));
    if (page) store.send({ type: "page", list, more, ...page });
  }

  /** Whom the desk owes an answer, wherever they are. */
  async function loadOwed() {
    const page = await api.conversations({ owed: 1, limit: OWED }).catch(() => null);
    if (page) store.send({ type: "owed", items: page.items.filter((one) => isLate(one, clock.now())) });
  }

  async function loadDesk() {
    const [desk, agents] = await Promise.all([attempt(api.desk()), attempt(api.agents())]);
    if (desk) store.send({ type: "desk", desk });
    if (agents) store.send({ type: "agents", items: agents.items });
  }

  async function loadThread(id) {
    const items = [];
    for (let after = 0, page; ; after = page.items.at(-1).seq) {
      page = await attempt(api.messages(id, after, THREAD));
      if (!page) return;
      items.push(...page.items);
      if (!page.cursor || !page.items.length) break;
    }
    store.send({ type: "thread", conversation: id, items });
  }

  async function change(promise) {
    const conversation = await attempt(promise);
    if (conversation) note(conversation);
    return conversation;
  }

  const note = (conversation) => store.send({ type: "conversation", conversation, at: clock.now() });

  const act = {
    toast,
    loadList,
    loadOwed,
    /** Read again what doesn't come as news; who looks elsewhere or is not connected need not know. */
    async look() {
      if (state().phase !== "ready" || state().connection.state !== "online" || document.hidden) return;
      loadOwed();
      const desk = await api.desk().catch(() => null);
      if (desk && state().phase === "ready") store.send({ type: "desk", desk });
    },
    open: (id) => go(id),
    async show(id) {
      store.send({ type: "opened", conversation: id });
      if (!id) return;
      if (!state().conversations[id] && !await change(api.conversation(id))) return act.open(null);
      if (!state().loaded[id]) await loadThread(id);
    },
    /** Look again at chats that the desk no longer counts as open to us. */
    async recheck(ids) {
      for (const id of ids) {
        const event = await api.conversation(id).then(
          (conversation) => ({ type: "conversation", conversation }),
          (error) => (error.status === 404 ? { type: "gone", conversation: id } : null),
        );
        if (event) store.send(event);
      }
    },
    refresh() {
      loadDesk();
      loadOwed();
      for (const list of new Set(["waiting", "mine", state().list])) loadList(list);
      if (state().query) loadList("search");
      if (state().open) loadThread(state().open);
    },
    choose(list) {
      store.send({ type: "query", query: "" });
      store.send({ type: "list", list });
      loadList(list);
    },
    search(query) {
      store.send({ type: "query", query });
      if (query) loadList("search");
    },
    async read(id) {
      const { unread, seq } = state().conversations[id] ?? {};
      if (!unread) return;
      store.send({ type: "read", conversation: id });
      await api.read(id, seq).catch(() => null);
    },
    async suggest(id, query = "") {
      const page = await api.suggestions(id, query).catch(() => null);
      const items = page?.items.filter((one) => query || one.confidence >= LIKELY);
      if (items) store.send({ type: "suggestions", conversation: id, query, items });
    },
    async past(contact) {
      const page = await api.conversations({ contact, limit: 20 }).catch(() => null);
      if (page) store.send({ type: "past", contact, items: page.items });
    },
    async take(id) {
      const claimed = await change(api.claim(id));
      if (!claimed) return change(api.conversation(id));
      if (state().list === "waiting" && !state().query) act.choose("mine");
      return composer.current?.focus("reply");
    },
    async giveBack(id) {
      if (await change(api.giveBack(id))) toast(t("returned"));
    },
    async transfer(id, to) {
      const done = await change(api.transfer(id, to));
      if (done) toast(t("transferred"));
      return done;
    },
    /** "closed", or {seen: the newest line} where the customer has written since `record.seq`, or null. */
    async close(id, record) {
      try {
        note(await api.close(id, record));
        return "closed";
      } catch (error) {
        if (!error.facts?.written) return refused(error);
        await Promise.all([loadThread(id), change(api.conversation(id))]);
        return { seen: state().messages[id]?.at(-1)?.seq };
      }
    },
    /** What becomes of it comes as news. */
    resend: (message) => attempt(api.resend(message.conversation, message.id)),
    post: sending.post,
    typing: (id) => api.typing(id).catch(() => null),
    async setStatus(status) {
      const answer = await attempt(api.setStatus(status));
      if (answer) store.send({ type: "me", agent: answer.agent });
    },
    dialog: (dialog) => store.send({ type: "dialog", dialog }),
    side: (shown) => store.send({ type: "side", shown }),
  };
  return act;
}

const queries = {
  waiting: () => ({ mode: "waiting" }),
  mine: () => ({ mine: 1, mode: "assigned" }),
  all: () => ({ mode: "bot,waiting,assigned" }),
  closed: () => ({ mode: "closed" }),
  search: ({ query }) => ({ q: query }),
};
