// An agent's own choices on this computer, their password, and the way out.
import { html, useState } from "./html.js";
import { useApp } from "./store.js";
import { Dialog } from "./dialog.js";
import { Icon } from "./icon.js";
import { PasswordFields, unfit } from "./sign_in.js";

export function Settings() {
  const { act, session, t } = useApp();
  const [password, change] = useState(false);
  if (password) return html`<${Password} />`;
  return html`
    <${Dialog} title=${t("settings")}>
      <${Segments} name="language" label=${t("language")} options=${[["zh", "中文"], ["en", "English"]]} />
      <${Segments} name="theme" label=${t("theme")} options=${["system", "light", "dark"].map((one) => [one, t(`theme_${one}`)])} />
      <${Alerts} />
      <div class="buttons">
        <button type="button" onClick=${() => act.dialog({ kind: "help" })}><${Icon} name="keyboard" />${t("help_title")}</button>
        <button type="button" onClick=${() => change(true)}><${Icon} name="lock" />${t("change_password")}</button>
        <button type="button" onClick=${session.signOut}><${Icon} name="out" />${t("sign_out")}</button>
      </div>
    <//>`;
}

export function Segments({ name, label, options }) {
  const { prefs } = useApp();
  const current = name === "language" ? prefs.language : prefs.values[name];
  return html`
    <fieldset class="segments">
      <legend>${label}</legend>
      <div>${options.map(([value, text]) => html`
        <label key=${value}><input type="radio" name=${name} value=${value} checked=${value === current}
          onChange=${() => prefs.set({ [name]: value })} /><span lang=${name === "language" ? value : null}>${text}</span></label>`)}
      </div>
    </fieldset>`;
}

function Alerts() {
  const { act, chime, prefs, t } = useApp();
  const sound = ({ target }) => {
    chime.unlock();
    prefs.set({ sound: target.checked });
    if (target.checked) chime.play();
  };
  const notify = async ({ target }) => {
    const allowed = target.checked && await globalThis.Notification?.requestPermission() === "granted";
    prefs.set({ notify: allowed });
    target.checked = allowed;
    if (!allowed && globalThis.Notification?.permission === "denied") act.toast(t("notify_blocked"));
  };
  return html`
    <div class="switches">
      <label class="switch"><input type="checkbox" checked=${Boolean(prefs.values.sound)} onChange=${sound} /> ${t("sound")}</label>
      <label class="switch"><input type="checkbox" checked=${prefs.values.notify} onChange=${notify} /> ${t("notify")}</label>
    </div>`;
}

function Password() {
  const { act, explainPassword, session, t } = useApp();
  const [error, fail] = useState("");
  const [values, set] = useState({ old: "", fresh: "", again: "" });
  const submit = async () => {
    if (unfit(values)) return fail(t(unfit(values)));
    try {
      await session.changePassword(values.old, values.fresh);
      act.dialog(null);
      act.toast(t("password_changed"));
    } catch (problem) {
      fail(explainPassword(problem));
    }
    return undefined;
  };
  return html`
    <${Dialog} title=${t("change_password")} submit=${submit} done=${t("change_password")}>
      <${PasswordFields} values=${values} set=${set} error=${error} />
    <//>`;
}
