// The socket that brings news: it comes back by itself, sooner after a nudge, and asks for
// everything newer than the last cursor seen.

const FIRST = 500, LONGEST = 15_000;

/** Wait before the `attempt`th try in milliseconds: doubling, capped, with jitter. */
export function delay(attempt, random = Math.random) {
  const top = Math.min(LONGEST, FIRST * 2 ** attempt);
  return top / 2 + random() * (top / 2);
}

/**
 * url(): the address with the cursor to resume from. onEvent(event): each frame.
 * onState({state: "online"|"connecting"|"offline", retryAt}).
 * onRefused(): asked before each retry; answers false to give up (signed out).
 */
export function createLive({
  url, onEvent, onState, onRefused, open = (address) => new WebSocket(address),
  now = Date.now, later = setTimeout, cancel = clearTimeout,
}) {
  let socket = null, timer = null, attempt = 0, wanted = false;

  function connect() {
    cancel(timer);
    const mine = socket = open(url());
    if (attempt === 0) onState({ state: "connecting", retryAt: null });
    mine.onmessage = ({ data }) => heard(JSON.parse(data));
    mine.onclose = () => { if (mine === socket) lost(); };
  }

  function heard(event) {
    if (event.type === "welcome") {
      attempt = 0;
      onState({ state: "online", retryAt: null });
    }
    onEvent(event);
  }

  async function lost() {
    socket = null;
    if (!wanted || !(await onRefused()) || !wanted || socket) return;
    const wait = delay(attempt++);
    onState({ state: "offline", retryAt: now() + wait });
    timer = later(connect, wait);
  }

  return {
    start() { wanted = true; attempt = 0; connect(); },
    stop() { wanted = false; cancel(timer); drop(); },
    /** The network or the person came back: don't wait for the timer. */
    nudge() { if (wanted && !socket) connect(); },
    /** The network says it is gone; the socket may not know for minutes. */
    cut() { if (socket) { const old = socket; socket = null; old.close(); lost(); } },
  };

  function drop() {
    const old = socket;
    socket = null;
    old?.close();
  }
}
