// Every key, on one page, and the switch that turns single keys off.
import { html, useState } from "./html.js";
import { useApp } from "./store.js";
import { Dialog } from "./dialog.js";

const mac = /Mac|iPhone|iPad/.test(globalThis.navigator?.platform ?? "");
const keys = [
  ["J K", "key_move"], ["W M", "key_lists"], ["T", "key_take"], ["R", "key_reply"], ["N", "key_note"], ["E", "key_close"],
  ["/", "key_search"], ["1 2 3", "key_faq"], [mac ? "⌃1 ⌃2 ⌃3" : "Alt+1 Alt+2 Alt+3", "key_faq_inside"],
  ["Enter", "key_send"], ["Shift+Enter", "key_line"], ["Esc", "key_leave"], ["?", "key_help"],
];

export function Help() {
  const { prefs, t } = useApp();
  const [single, set] = useState(prefs.values.keys);
  const change = ({ target }) => {
    prefs.set({ keys: target.checked });
    set(target.checked);
  };
  return html`
    <${Dialog} title=${t("help_title")}>
      <dl class="keys">${keys.map(([names, key]) => html`
        <div key=${key}><dt>${names.split(" ").map((one) => html`<kbd key=${one}>${one}</kbd>`)}</dt><dd>${t(key)}</dd></div>`)}
      </dl>
      <label class="switch"><input type="checkbox" checked=${single} onChange=${change} /> ${t("single_keys")}</label>
    <//>`;
}
