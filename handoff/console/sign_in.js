// The door: name and password, and a new password where the first one is still in use.
import { html, useState } from "./html.js";
import { useApp, useSelected } from "./store.js";
import { Icon } from "./icon.js";
import { Segments } from "./settings.js";

export function SignIn() {
  const { t } = useApp();
  const { phase, notice } = useSelected((state) => ({ phase: state.phase, notice: state.toast?.text }));
  // Kept only for the change that must follow at once, never stored.
  const [used, use] = useState("");
  return html`
    <main class="door">
      <div class="card">
        <p class="brand"><${Icon} name="desk" /><strong>${t("brand")}</strong></p>
        ${phase === "must_change"
          ? html`<${NewPassword} used=${used} />`
          : html`<${Name} use=${use} notice=${notice} />`}
      </div>
      <${Segments} name="language" label=${t("language")} options=${[["zh", "中文"], ["en", "English"]]} />
    </main>`;
}

function useForm(work) {
  const { explainPassword } = useApp();
  const [error, fail] = useState("");
  const [busy, setBusy] = useState(false);
  const submit = async (event) => {
    event.preventDefault();
    setBusy(true);
    fail("");
    try { await work(new FormData(event.target), fail); } catch (problem) { fail(explainPassword(problem)); }
    setBusy(false);
  };
  return { error, busy, submit };
}

function Name({ use, notice }) {
  const { session, t } = useApp();
  const { error, busy, submit } = useForm((form) => {
    use(form.get("password"));
    return session.signIn(form.get("name").trim(), form.get("password"));
  });
  return html`
    <form onSubmit=${submit}>
      <h1>${t("sign_in_title")}</h1>
      ${notice && html`<p class="notice" role="status">${notice}</p>`}
      <label class="stack">${t("name")}<input name="name" autocomplete="username" required autofocus autocapitalize="off" spellcheck=${false} /></label>
      <label class="stack">${t("password")}<input name="password" type="password" autocomplete="current-password" required /></label>
      <p class="error" role="alert">${error}</p>
      <button type="submit" class="primary" disabled=${busy}>${t("sign_in")}</button>
    </form>`;
}

function NewPassword({ used }) {
  const { session, t } = useApp();
  const [values, set] = useState({ old: used, fresh: "", again: "" });
  const { error, busy, submit } = useForm((_, fail) => {
    const wrong = unfit(values);
    return wrong ? fail(t(wrong)) : session.changePassword(values.old, values.fresh);
  });
  return html`
    <form onSubmit=${submit}>
      <h1>${t("new_password_title")}</h1>
      <p>${t("new_password_why")}</p>
      <${PasswordFields} values=${values} set=${set} error=${error} known=${Boolean(used)} />
      <button type="submit" class="primary" disabled=${busy}>${t("new_password_done")}</button>
      <button type="button" class="link" onClick=${session.signOut}>${t("sign_out")}</button>
    </form>`;
}

/** What is wrong before the desk is asked, as a key of strings. */
export function unfit({ old, fresh, again }) {
  if (fresh !== again) return "password_differs";
  return fresh === old ? "password_same" : null;
}

export function PasswordFields({ values, set, error, known = false }) {
  const { t } = useApp();
  const name = useSelected((state) => state.me?.name);
  const field = (name, label, complete) => html`
    <label class="stack">${t(label)}
      <input type="password" name=${name} autocomplete=${complete} required value=${values[name]}
        onInput=${(event) => set((before) => ({ ...before, [name]: event.target.value }))} />
    </label>`;
  return html`
    <input class="hidden" autocomplete="username" value=${name} readonly tabindex="-1" aria-hidden="true" />
    ${!known && field("old", "password_old", "current-password")}
    ${field("fresh", "password_new", "new-password")}
    ${field("again", "password_again", "new-password")}
    <p class="error" role="alert">${error}</p>`;
}
