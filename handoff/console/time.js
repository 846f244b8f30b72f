// Times as agents read them: short, in their language, from a clock that follows the desk's.

/** A clock that follows the server's Date header where the computer's own is off. */
export function createClock(now = Date.now) {
  let skew = 0;
  return {
    now: () => now() + skew,
    follow(date) {
      const off = Date.parse(date) + 500 - now();
      // The header counts whole seconds; less than two apart is no error worth a jump.
      skew = Math.abs(off) > 2000 ? off : 0;
    },
  };
}

/** Waiting time: 7s → "0:07", then "12:40", "3:05:00", "2d 4h". */
export function lapse(seconds, days = "d", hours = "h") {
  const whole = Math.max(0, Math.floor(seconds));
  const [day, hour, minute] = [whole / 86400, (whole % 86400) / 3600, (whole % 3600) / 60].map(Math.floor);
  const two = (figure) => String(figure).padStart(2, "0");
  if (day) return `${day}${days} ${hour}${hours}`;
  return hour ? `${hour}:${two(minute)}:${two(whole % 60)}` : `${minute}:${two(whole % 60)}`;
}

/** What is left until then: {h} from an hour on, else {m}, at least a minute; null if it is over. */
export function left(until, now) {
  const minutes = Math.ceil((Date.parse(until) - now) / 60_000);
  if (minutes <= 0) return null;
  return minutes < 60 ? { m: minutes } : { h: Math.floor(minutes / 60) };
}

/** green until the greeting is due, amber until the reply is, then red. */
export function tone(seconds, { greet, reply }) {
  if (seconds < greet) return "green";
  return seconds < reply ? "amber" : "red";
}

/** Formats for one language: clock time, a row's stamp, a day's heading. */
export function createTimes(language, now) {
  const format = (options) => new Intl.DateTimeFormat(language, options);
  const hm = format({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const date = format({ month: "numeric", day: "numeric" });
  const dated = format({ month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const full = format({ dateStyle: "medium", timeStyle: "short" });
  const heading = format({ month: "long", day: "numeric", weekday: "short" });
  const today = (at) => at.toDateString() === new Date(now()).toDateString();
  return {
    clock: (text) => hm.format(new Date(text)),
    stamp: (text) => (today(new Date(text)) ? hm : date).format(new Date(text)),
    due: (text) => (today(new Date(text)) ? hm : dated).format(new Date(text)),
    full: (text) => full.format(new Date(text)),
    day: (text) => heading.format(new Date(text)),
    isToday: (text) => today(new Date(text)),
  };
}
