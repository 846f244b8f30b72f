// The files that will go with the next reply: how far they are, what is wrong, how to take one out.
import { html } from "./html.js";
import { useApp } from "./store.js";
import { Icon } from "./icon.js";
import { sizeOf } from "./attachments.js";

export function Tray({ id, items, leave }) {
  const { t, uploads } = useApp();
  if (!items.length) return null;
  const remove = (item) => { uploads.remove(id, item.id); leave(); };
  return html`
    <ul class="tray" aria-label=${t("tray")}>
      ${items.map((item) => html`
        <li class="chip" key=${item.id} data-state=${item.state}>
          <${Face} item=${item} />
          <span class="words"><span class="called">${item.name || t("attached_file")}</span><${Fate} item=${item} /></span>
          ${item.again && html`<button type="button" class="link" onClick=${() => uploads.retry(id, item)}>${t("retry")}</button>`}
          <button type="button" class="quiet" aria-label=${t("remove_file", item)} title=${t("remove_file", item)} onClick=${() => remove(item)}><${Icon} name="x" /></button>
        </li>`)}
    </ul>`;
}

function Face({ item }) {
  if (item.attachment?.kind === "image") return html`<img class="face" src=${item.attachment.url} alt="" />`;
  return html`<span class="face"><${Icon} name="file" /></span>`;
}

function Fate({ item }) {
  const { t } = useApp();
  if (item.state === "failed") return html`<small role="alert">${item.reason}</small>`;
  if (item.state === "done") return html`<small>${sizeOf(item)}</small>`;
  return html`<progress value=${item.progress} max="1" aria-label=${t("sending_file", item)}></progress>`;
}
