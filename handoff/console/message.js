// One message in the thread, with its delivery. Its text is always text.
import { html } from "./html.js";
import { useApp, useSelected } from "./store.js";
import { Icon } from "./icon.js";
import { Attachments } from "./attachments.js";
import { parts } from "./links.js";

export function Message({ message, head, again }) {
  const { kind, author } = message;
  if (!plain.has(kind) || author === "system") {
    return html`<${Line} message=${message} again=${again} />`;
  }
  const side = author === "customer" ? "them" : "us";
  return html`
    <li class="message" data-side=${side} data-author=${author} data-note=${message.private} data-head=${head}>
      ${head && html`<${Byline} message=${message} />`}
      <div class="bubble">
        ${message.private && html`<${NoteMark} />`}
        ${message.text && html`<${Text} text=${message.text} icon=${kind === "choice" && "tap"} />`}
        <${Choices} suggestions=${message.suggestions} />
        <${Attachments} attachments=${message.attachments} />
        ${message.edited && html`<${Edited} at=${message.edited} />`}
      </div>
      ${side === "us" && !message.private && html`<${Delivery} message=${message} again=${again} />`}
    </li>`;
}

const plain = new Set(["text", "choice"]);

const troubled = new Set(["unknown", "dead", "held"]);

function Line({ message, again }) {
  const { t, times } = useApp();
  const rating = useSelected((state) => state.conversations[message.conversation]?.rating);
  const said = plain.has(message.kind) ? message.text : t(`kind_${message.kind}`, { ...message, rating });
  return html`
    <li class="line" data-kind=${message.kind}>
      <span>${said} <time datetime=${message.at}>${times().clock(message.at)}</time></span>
      ${troubled.has(message.status) && html`<${Delivery} message=${message} again=${again} />`}
    </li>`;
}

function Byline({ message }) {
  const { t, times } = useApp();
  const name = message.author === "bot" ? t("bot") : message.name;
  return html`
    <p class="byline">
      ${message.author === "bot" && html`<${Icon} name="bot" />`}
      ${name && html`<span>${name}</span>`}
      <time datetime=${message.at} title=${times().full(message.at)}>${times().clock(message.at)}</time>
    </p>`;
}

function Edited({ at }) {
  const { t, times } = useApp();
  return html`<time class="edited" datetime=${at} title=${times().full(at)}>${t("edited")}</time>`;
}

function NoteMark() {
  const { t } = useApp();
  return html`<span class="note-mark"><${Icon} name="lock" />${t("note_mark")}</span>`;
}

function Text({ text, icon }) {
  return html`<p class="text">${icon && html`<${Icon} name=${icon} /> `}${parts(text ?? "").map((part) => (part.href
    ? html`<a href=${part.href} target="_blank" rel="noopener noreferrer">${part.text}</a>`
    : part.text))}</p>`;
}

function Choices({ suggestions }) {
  if (!suggestions?.length) return null;
  return html`<ul class="choices">${suggestions.map((one) => html`<li key=${one.id}>${one.text}</li>`)}</ul>`;
}

const marks = { pending: "clock", sending: "clock", sent: "check", unknown: "alert", held: "pause", dead: "alert", cancelled: "x" };

// A line in each language, Chinese first, or one for everybody.
function inTheirs(detail, language) {
  const [zh, en] = detail.split("\n");
  return language === "en" && en ? en : zh;
}

function Delivery({ message, again }) {
  const { act, prefs, t } = useApp();
  const { status, author } = message;
  const detail = inTheirs(message.detail ?? "", prefs.language);
  if (!status || (author === "bot" && status === "sent")) return null;
  const lost = status === "unknown" || status === "dead";
  const offered = lost && (again === "any" || (again === "own" && author !== "bot"));
  return html`
    <p class="delivery" data-status=${status} title=${detail || null}>
      <${Icon} name=${marks[status] ?? "clock"} /><span>${t(`delivery_${status}`)}</span>
      ${detail && status !== "sent" && html`<span class="detail">${detail}</span>`}
      ${offered && html`<button type="button" class="link" onClick=${() => act.resend(message)}>${t("resend")}</button>`}
    </p>`;
}

/** An own message on its way to the desk, or kept until the desk is there again. */
export function Unsent({ item }) {
  const { composer, sending, t } = useApp();
  const failed = item.state === "failed";
  const edit = () => {
    sending.discard(item.id);
    composer.current?.restore(item.kind, item.text, item.files);
  };
  return html`
    <li class="message unsent" data-side="us" data-author="agent" data-note=${item.kind === "note"} data-head="true">
      <div class="bubble">
        ${item.text && html`<${Text} text=${item.text} />`}
        <${Attachments} attachments=${item.files} />
      </div>
      <p class="delivery" data-status=${failed ? "dead" : "pending"}>
        <${Icon} name=${failed ? "alert" : "clock"} />
        <span>${failed ? t("unsent_failed", { reason: item.reason }) : t(`unsent_${item.state}`)}</span>
        ${failed && html`
          <button type="button" class="link" onClick=${() => sending.retry(item.id)}>${t("retry")}</button>
          <button type="button" class="link" onClick=${edit}>${t("edit")}</button>`}
      </p>
    </li>`;
}
