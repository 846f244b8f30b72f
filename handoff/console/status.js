// The agent at the head of the lists: who I am, whether I take chats, and the way to settings.
import { html } from "./html.js";
import { useApp, useSelected } from "./store.js";
import { Icon } from "./icon.js";

const statuses = ["online", "busy", "away", "offline"];

export function Status() {
  const { act, t } = useApp();
  const me = useSelected((state) => state.me);
  return html`
    <header class="me">
      <span class="mark-box" aria-hidden="true"><${Icon} name="desk" /></span>
      <span class="my-name" title=${t("load", me)}>${me.name}</span>
      <label class="status" data-status=${me.status}>
        <span class="hidden">${t("my_status")}</span>
        <i class="dot" aria-hidden="true" />
        <select value=${me.status} onChange=${(event) => act.setStatus(event.target.value)}>
          ${statuses.map((one) => html`<option key=${one} value=${one} selected=${one === me.status}>${t(`status_${one}`)}</option>`)}
        </select>
        <${Icon} name="down" />
      </label>
      <button type="button" class="quiet" aria-label=${t("settings")} title=${t("settings")}
        onClick=${() => act.dialog({ kind: "settings" })}><${Icon} name="settings" /></button>
    </header>`;
}
