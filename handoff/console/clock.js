// Reply clocks: one timer for all of them, writing straight into their elements, so that a
// second's tick renders nothing.
import { html, useLayoutEffect, useRef } from "./html.js";
import { useApp } from "./store.js";
import { lapse, tone } from "./time.js";

export function createTicker({ now, limits, every = setInterval, stop = clearInterval }) {
  const clocks = new Map();
  let timer = null;

  function show(element, since) {
    const seconds = (now() - since) / 1000;
    const text = lapse(seconds), colour = tone(seconds, limits());
    if (element.textContent !== text) element.textContent = text;
    if (element.dataset.tone !== colour) element.dataset.tone = colour;
  }

  return {
    /** Show seconds since `since` (epoch ms) in the element until the answer is called. */
    add(element, since) {
      clocks.set(element, since);
      show(element, since);
      timer ??= every(() => clocks.forEach((start, one) => show(one, start)), 1000);
      return () => {
        clocks.delete(element);
        if (!clocks.size) { stop(timer); timer = null; }
      };
    },
  };
}

export function Clock({ since }) {
  const { ticker, t } = useApp();
  const element = useRef(null);
  useLayoutEffect(() => ticker.add(element.current, Date.parse(since)), [since]);
  return html`<span class="clock" role="timer" title=${t("owed_since")} ref=${element}></span>`;
}
