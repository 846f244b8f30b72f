// The frame of every dialog: the browser's own, so focus stays in it and returns after it.
import { html, useLayoutEffect, useRef } from "./html.js";
import { useApp } from "./store.js";
import { composing } from "./keys.js";
import { Icon } from "./icon.js";

export function Dialog({ title, submit, done, children }) {
  const { act, t } = useApp();
  const element = useRef(null);
  useLayoutEffect(() => {
    const shown = element.current;
    shown.showModal();
    return () => shown.close();
  }, []);
  const leave = () => act.dialog(null);
  const finish = (event) => {
    event.preventDefault();
    submit?.();
  };
  const key = (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !composing(event)) finish(event);
  };
  const aside = (event) => { if (event.target === element.current) leave(); };
  return html`
    <dialog ref=${element} aria-labelledby="dialog-title" onCancel=${leave} onMouseDown=${aside} onKeyDown=${key}>
      <form method="dialog" onSubmit=${finish}>
        <header><h2 id="dialog-title">${title}</h2>
          <button type="button" class="quiet" aria-label=${t("dismiss")} onClick=${leave}><${Icon} name="x" /></button>
        </header>
        <div class="body">${children}</div>
        ${submit && html`<footer>
          <button type="button" onClick=${leave}>${t("cancel")}</button>
          <button type="submit" class="primary">${done}</button>
        </footer>`}
      </form>
    </dialog>`;
}
