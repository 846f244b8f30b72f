// Finds web addresses in a customer's text. Only http and https become links; the rest,
// whatever it looks like, stays text.

const ADDRESS = /https?:\/\/[^\s<>"'`{}|\\^\u3000-\u303f\uff00-\uffef\u4e00-\u9fff]+/gi;
const TRAILING = /[.,;:!?)\]]+$/;

/** [{text}|{text, href}] whose texts joined are the input. */
export function parts(text) {
  const found = [];
  let at = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = trimmed(match[0]);
    if (!safe(address)) continue;
    if (match.index > at) found.push({ text: text.slice(at, match.index) });
    found.push({ text: address, href: address });
    at = match.index + address.length;
  }
  if (at < text.length) found.push({ text: text.slice(at) });
  return found;
}

/** An address that may stand in href: absolute http(s), or on this server. */
export function safe(address) {
  try {
    return ["http:", "https:"].includes(new URL(address, "http://localhost/").protocol);
  } catch {
    return false;
  }
}

// A full stop ends the sentence, not the address; a bracket belongs to it when opened in it.
function trimmed(address) {
  const cut = address.replace(TRAILING, "");
  return address[cut.length] === ")" && cut.includes("(") ? `${cut})` : cut;
}
