// Above the field of a chat that is not mine: who leads it, and how to take it.
import { html, useState } from "./html.js";
import { useApp, useSelected } from "./store.js";
import { Icon } from "./icon.js";
import { isStranded } from "./lists.js";

export function TakeBar({ id, note }) {
  const { act, t } = useApp();
  const { one, stranded } = useSelected((state) => ({ one: state.conversations[id], stranded: isStranded(state, id) }));
  const [busy, setBusy] = useState(false);
  const take = async () => {
    setBusy(true);
    await act.take(id);
    setBusy(false);
  };
  const open = one.mode === "waiting" || one.mode === "bot";
  return html`
    <div class="take" data-mode=${one.mode}>
      <span>${t(`take_${stranded ? "stranded_" : ""}${one.mode}`, { name: one.assignee?.name ?? "" })}</span>
      ${note && html`<button type="button" class="quiet note-switch" onClick=${note} aria-keyshortcuts="N">${t("note")} <kbd aria-hidden="true">N</kbd></button>`}
      ${open && html`
        <button type="button" class="primary" onClick=${take} disabled=${busy} aria-keyshortcuts="T">
          <${Icon} name="take" />${t(one.mode === "bot" ? "take_over" : "take")} <kbd aria-hidden="true">T</kbd>
        </button>`}
    </div>`;
}
