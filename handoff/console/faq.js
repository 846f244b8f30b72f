// Tells supervisors that the FAQ's last change is not live, and why, for as long as that is so.
import { html } from "./html.js";
import { useApp, useSelected } from "./store.js";
import { Icon } from "./icon.js";

const SHOWN = 3;

/** The reasons that this agent is to see: only supervisors can have something done about them. */
export const refusedFor = ({ me, desk }) => (me?.role === "supervisor" && desk.faq?.refused) || null;

export function FaqNotice() {
  const { prefs, t } = useApp();
  const refused = useSelected(refusedFor);
  const more = (refused?.length ?? 0) - SHOWN;
  return html`
    <div class="refused" role="status" data-shown=${Boolean(refused)}>
      ${refused && html`
        <${Icon} name="alert" />
        <div>
          <p>${t("faq_refused")}</p>
          <ul>${refused.slice(0, SHOWN).map((one) => html`<li key=${one.en}>${one[prefs.language]}</li>`)}</ul>
          ${more > 0 && html`<p>${t("faq_refused_more", { n: more })}</p>`}
        </div>`}
    </div>`;
}
