// What an agent chose on this computer: language, theme, sound, notifications, single keys.

const defaults = { language: null, theme: "system", sound: null, notify: false, keys: true };

export function createPrefs({ storage, languages, prefersDark, root }) {
  let values = { ...defaults, ...read(storage, "frontdesk.prefs") };
  const listeners = new Set();

  const prefs = {
    get values() { return values; },
    get language() { return values.language ?? preferred(languages); },
    get dark() { return values.theme === "system" ? prefersDark.matches : values.theme === "dark"; },
    set(changes) {
      values = { ...values, ...changes };
      write(storage, "frontdesk.prefs", values);
      apply();
    },
    subscribe(listen) { listeners.add(listen); return () => listeners.delete(listen); },
  };

  function apply() {
    root.dataset.theme = prefs.dark ? "dark" : "light";
    root.lang = prefs.language === "zh" ? "zh-CN" : "en";
    for (const listen of listeners) listen(values);
  }

  prefersDark.addEventListener("change", apply);
  apply();
  return prefs;
}

/** Chinese unless the browser asks for English before it. */
export function preferred(languages) {
  const known = languages.map((one) => one.slice(0, 2).toLowerCase());
  return known.find((one) => one === "zh" || one === "en") ?? "zh";
}

/** Storage may be full or forbidden; the console then works without it. */
export function read(storage, key) {
  try { return JSON.parse(storage.getItem(key)) ?? {}; } catch { return {}; }
}

export function write(storage, key, value) {
  try { storage.setItem(key, JSON.stringify(value)); } catch { /* as said above */ }
}
