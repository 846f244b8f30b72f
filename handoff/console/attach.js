// The ways in which a file comes to the composer: chosen, pasted, dropped.
import { html, useEffect, useRef } from "./html.js";
import { useApp } from "./store.js";
import { Icon } from "./icon.js";

export function Attach({ add }) {
  const { t } = useApp();
  const chooser = useRef(null);
  const chosen = () => { add(chooser.current.files); chooser.current.value = ""; };
  return html`
    <button type="button" class="quiet attach" aria-label=${t("attach")} title=${t("attach")} onClick=${() => chooser.current.click()}><${Icon} name="attach" /></button>
    <input ref=${chooser} class="chooser" type="file" multiple hidden onChange=${chosen} />`;
}

/** Of what an office program copies, its words are meant and not the picture of them. */
export function pasted(event, add) {
  const { files } = event.clipboardData;
  if (!files.length || event.clipboardData.getData("text/plain")) return;
  event.preventDefault();
  add(files);
}

/** Files may be dropped anywhere on the chat; `add` is null where nobody takes them. */
export function useDrop(section, add) {
  const { t } = useApp();
  const now = useRef(add);
  now.current = add;
  useEffect(() => {
    const pane = section.current.closest(".pane");
    const over = (event) => {
      if (!now.current || !event.dataTransfer.types.includes("Files")) return;
      event.preventDefault();
      pane.dataset.drop = t("drop_files");
    };
    const out = (event) => { if (!pane.contains(event.relatedTarget)) delete pane.dataset.drop; };
    const drop = (event) => {
      if (!pane.dataset.drop) return;
      event.preventDefault();
      delete pane.dataset.drop;
      now.current?.(event.dataTransfer.files);
    };
    const heard = { dragover: over, dragleave: out, drop };
    for (const [name, act] of Object.entries(heard)) pane.addEventListener(name, act);
    return () => { for (const [name, act] of Object.entries(heard)) pane.removeEventListener(name, act); };
  }, []);
}
