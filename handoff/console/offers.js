// Notices across the console: no connection, a passing word, and the one-click offer of
// sound and desktop notifications.
import { html, useEffect, useLayoutEffect, useRef, useState } from "./html.js";
import { wordsOf } from "./attachments.js";
import { useApp, useSelected } from "./store.js";
import { Icon, nameOf } from "./icon.js";

export function Offline() {
  const { live, t } = useApp();
  const { state, retryAt } = useSelected((all) => all.connection);
  const waiting = useSelected((all) => all.outbox.length);
  const shown = state === "offline";
  return html`
    <div class="offline" role="status" data-shown=${shown}>
      ${shown && html`
        <${Icon} name="offline" />
        <span>${t("offline")} <${Countdown} until=${retryAt} /> ${waiting > 0 && t("offline_kept", { n: waiting })}</span>
        <button type="button" class="link" onClick=${live.nudge}>${t("retry_now")}</button>`}
    </div>`;
}

function Countdown({ until }) {
  const { t } = useApp();
  const [now, tick] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => tick(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.max(0, Math.ceil((until - now) / 1000));
  return html`<span aria-hidden="true">${seconds ? t("retry_in", { n: seconds }) : t("retrying")}</span>`;
}

export function Toast() {
  const { store, t } = useApp();
  const toast = useSelected((state) => state.toast);
  const element = useRef(null);
  const dismiss = () => store.send({ type: "toast", toast: null });
  useEffect(() => {
    if (!toast) return undefined;
    const timer = setTimeout(dismiss, toast.tone === "bad" ? 9000 : 4000);
    return () => clearTimeout(timer);
  }, [toast]);
  // Above an open dialog, too: the top layer holds whatever was shown last.
  useLayoutEffect(() => {
    element.current.hidePopover?.();
    if (toast) element.current.showPopover?.();
  }, [toast]);
  return html`
    <div class="toasts" role=${toast?.tone === "bad" ? "alert" : "status"} ref=${element} popover="manual">
      ${toast && html`
        <div class="toast" data-tone=${toast.tone}>
          <span>${toast.text}</span>
          <button type="button" class="quiet" aria-label=${t("dismiss")} onClick=${dismiss}><${Icon} name="x" /></button>
        </div>`}
    </div>`;
}

export function AlertsOffer() {
  const { chime, prefs, t } = useApp();
  const [asked, answer] = useState(prefs.values.sound !== null);
  if (asked) return null;
  const accept = async () => {
    chime.unlock();
    const allowed = await globalThis.Notification?.requestPermission().catch(() => "denied");
    prefs.set({ sound: true, notify: allowed === "granted" });
    chime.play();
    answer(true);
  };
  const decline = () => {
    prefs.set({ sound: false });
    answer(true);
  };
  return html`
    <div class="offer">
      <${Icon} name="bell" />
      <span>${t("alerts_offer")}</span>
      <button type="button" class="small" onClick=${accept}>${t("alerts_accept")}</button>
      <button type="button" class="quiet" aria-label=${t("alerts_decline")} title=${t("alerts_decline")} onClick=${decline}><${Icon} name="x" /></button>
    </div>`;
}

/** Says new things to a screen reader, once. */
export function Announcer() {
  const { store, t } = useApp();
  const [text, say] = useState("");
  useEffect(() => store.subscribe((state, before, event) => {
    if (event.type !== "message" || event.message.author !== "customer") return;
    if (before.messages[event.message.conversation]?.some((one) => one.id === event.message.id)) return;
    const one = state.conversations[event.message.conversation];
    if (one && state.open === one.id) say(t("announce", { name: nameOf(one.contact, t), text: wordsOf(event.message, t) }));
  }), []);
  return html`<div class="hidden" aria-live="polite">${text}</div>`;
}
