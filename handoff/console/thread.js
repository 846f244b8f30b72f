// What was said, in order: messages of the desk first, then own ones not yet confirmed.
import { html, useEffect, useLayoutEffect, useMemo, useRef, useState } from "./html.js";
import { useApp, useSelected } from "./store.js";
import { Icon, nameOf } from "./icon.js";
import { resends } from "./lists.js";
import { Message, Unsent } from "./message.js";

const NONE = [];
const NEAR = 80;
const SHOWN_FIRST = 150, SHOWN_MORE = 300;

export function Thread({ id }) {
  const { t } = useApp();
  const { messages, loaded, unsent } = useSelected((state) => ({
    messages: state.messages[id] ?? NONE, loaded: Boolean(state.loaded[id]), unsent: state.outbox,
  }));
  const again = useSelected((state) => resends(state, id));
  const queued = unsent.filter((one) => one.conversation === id);
  const firstNew = useFirstNew(id, loaded, messages);
  const { box, away, toEnd, scrolled } = useEnd(messages.length + queued.length);
  const { shown, earlier } = useEarlier(box);
  const items = useMemo(() => arrange(messages).slice(-shown), [messages, shown]);
  return html`
    <div class="thread-box">
      <div class="thread" ref=${box} onScroll=${scrolled} tabindex="0" role="log" aria-live="off" aria-label=${t("thread")}>
        ${loaded ? null : html`<${Bones} />`}
        ${messages.length > shown && html`<button type="button" class="more" onClick=${earlier}>${t("earlier")}</button>`}
        <ol>
          ${items.map(({ message, day, head }) => html`
            ${day && html`<${Day} key=${`day ${message.id}`} at=${message.at} />`}
            ${message.id === firstNew && html`<li class="new-line" key="new"><span>${t("new_below")}</span></li>`}
            <${Message} key=${message.id} message=${message} head=${head} again=${again} />`)}
          ${queued.map((item) => html`<${Unsent} key=${item.id} item=${item} />`)}
        </ol>
        <${Typing} id=${id} />
      </div>
      ${away && html`<button type="button" class="to-end" onClick=${toEnd}><${Icon} name="down" />${t("to_end")}</button>`}
    </div>`;
}

/** Which messages begin a day, and which begin a run of one author. */
export function arrange(messages) {
  return messages.map((message, at) => {
    const before = messages[at - 1];
    const day = !before || new Date(before.at).toDateString() !== new Date(message.at).toDateString();
    const run = before && !day && before.author === message.author && before.name === message.name
      && before.private === message.private && before.kind === message.kind
      && Date.parse(message.at) - Date.parse(before.at) < 180_000;
    return { message, day, head: !run };
  });
}

// Where reading stopped when this chat was opened; it stays there while the chat is open.
function useFirstNew(id, loaded, messages) {
  const { store } = useApp();
  const unread = useRef(store.state.conversations[id]?.unread ?? 0);
  const found = useRef(undefined);
  if (loaded && found.current === undefined) {
    const theirs = messages.filter((one) => one.author === "customer");
    found.current = unread.current > 0 && theirs.length > unread.current ? theirs.at(-unread.current).id : null;
  }
  return found.current;
}

// The end stays in view while it is in view; who reads above is left there and told.
function useEnd(length) {
  const box = useRef(null), near = useRef(true);
  const [away, setAway] = useState(false);
  const toEnd = () => { if (box.current) box.current.scrollTop = box.current.scrollHeight; };
  const scrolled = () => {
    const { scrollTop, scrollHeight, clientHeight } = box.current;
    near.current = scrollHeight - scrollTop - clientHeight < NEAR;
    setAway(!near.current);
  };
  useLayoutEffect(() => { if (near.current) toEnd(); }, [length]);
  useEffect(() => {
    const watch = new ResizeObserver(() => { if (near.current) toEnd(); });
    watch.observe(box.current);
    watch.observe(box.current.querySelector("ol"));
    return () => watch.disconnect();
  }, []);
  return { box, away, toEnd, scrolled };
}

// A long chat begins with its end; the rest is drawn when asked for, with the eye left in place.
function useEarlier(box) {
  const [shown, show] = useState(SHOWN_FIRST);
  const below = useRef(0);
  const earlier = () => {
    below.current = box.current.scrollHeight - box.current.scrollTop;
    show((count) => count + SHOWN_MORE);
  };
  useLayoutEffect(() => {
    if (below.current) box.current.scrollTop = box.current.scrollHeight - below.current;
  }, [shown]);
  return { shown, earlier };
}

function Day({ at }) {
  const { t, times } = useApp();
  return html`<li class="day"><span>${times().isToday(at) ? t("today") : times().day(at)}</span></li>`;
}

const TYPES_FOR = 6000;

function Typing({ id }) {
  const { clock, t } = useApp();
  const { at, contact } = useSelected((state) => ({
    at: state.typing[id] ?? 0, contact: state.conversations[id].contact,
  }));
  const [shown, show] = useState(false);
  useEffect(() => {
    const left = at + TYPES_FOR - clock.now();
    show(left > 0);
    const timer = setTimeout(() => show(false), Math.max(0, left));
    return () => clearTimeout(timer);
  }, [at]);
  return html`<p class="typing" data-shown=${shown}>${shown && html`<i /><i /><i /> ${t("typing", { name: nameOf(contact, t) })}`}</p>`;
}

const Bones = () => html`<div class="bones" aria-hidden="true"><b /><b /><b /><b /></div>`;
