// One conversation in a list.
import { html, useEffect, useRef } from "./html.js";
import { useApp, useSelected } from "./store.js";
import { wordsOf } from "./attachments.js";
import { Clock } from "./clock.js";
import { Avatar, Icon, nameOf } from "./icon.js";
import { changed } from "./lists.js";
import { address } from "./route.js";
import { useTeams } from "./team.js";

export function Row({ id }) {
  const { act, drafts, t } = useApp();
  const { one, current, me } = useSelected((state) => ({
    one: state.conversations[id], current: state.open === id, me: state.me?.id,
  }));
  const element = useRef(null);
  useEffect(() => { if (current) element.current?.scrollIntoView({ block: "nearest" }); }, [current]);
  const open = (event) => {
    if (event.metaKey || event.ctrlKey) return;
    event.preventDefault();
    act.open(id);
  };
  const unread = one.unread > 0 && !(current && one.mode === "assigned");
  return html`
    <li>
      <a class="row" ref=${element} href=${address(id)} onClick=${open} data-unread=${unread}
        aria-current=${current ? "true" : null}>
        <${Avatar} contact=${one.contact} />
        <span class="who">
          <span class="name">${nameOf(one.contact, t)}</span>
          ${one.priority > 0 && html`<span class="urgent" title=${t("urgent")}><${Icon} name="flag" /><span class="hidden">${t("urgent")}</span></span>`}
        </span>
        <span class="when">
          ${one.owed_since ? html`<${Clock} since=${one.owed_since} />` : html`<${Stamp} one=${one} />`}
        </span>
        <span class="last">
          ${drafts.has(id) && !current && html`<em class="draft">${t("draft")}</em>`}
          <${Preview} message=${one.last} />
        </span>
        <span class="marks"><${Marks} one=${one} me=${me} unread=${unread} /></span>
      </a>
    </li>`;
}

function Stamp({ one }) {
  const { times } = useApp();
  return html`<time datetime=${changed(one)}>${times().stamp(changed(one))}</time>`;
}

function Preview({ message }) {
  const { t } = useApp();
  if (!message) return null;
  const text = wordsOf(message, t) || t(`kind_${message.kind}`, message);
  return html`
    ${message.author === "bot" && html`<${Icon} name="bot" />`}
    ${message.author === "agent" && html`<${Icon} name="reply" />`}
    <span>${text}</span>`;
}

// Unread first; then who has it, where that isn't plain from the list.
function Marks({ one, me, unread }) {
  const { t } = useApp();
  if (unread) return html`<span class="unread"><span class="hidden">${t("unread")}</span>${one.unread}</span>`;
  if (one.mode === "bot") return html`<span class="mark">${t("mode_bot")}</span>`;
  if (one.mode === "closed") return one.rating ? html`<span class="mark stars">${one.rating}/5</span>` : null;
  if (one.mode === "assigned" && one.assignee?.id !== me) return html`<span class="mark">${one.assignee?.name}</span>`;
  return one.team ? html`<${Team} id=${one.team} />` : null;
}

function Team({ id }) {
  return html`<span class="mark">${useTeams()(id) ?? id}</span>`;
}
