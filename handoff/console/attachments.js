// What comes with a message: pictures, sound and video in place, all else to be fetched.
import { html } from "./html.js";
import { useApp } from "./store.js";
import { Icon } from "./icon.js";
import { safe } from "./links.js";

const PLAYED = /^(audio\/(mpeg|ogg|wav|mp4)|video\/(mp4|webm))$/;

export function Attachments({ attachments }) {
  if (!attachments?.length) return null;
  return html`<ul class="attachments">${attachments.map((one, at) => html`<${Attachment} key=${one.url || at} file=${one} />`)}</ul>`;
}

function Attachment({ file }) {
  const { t } = useApp();
  const name = file.name || t(`attached_${file.kind}`);
  const label = html`<${Icon} name=${file.kind === "image" ? "image" : "file"} /><span>${name}</span>${file.size > 0 && html`<small>${sizeOf(file)}</small>`}`;
  if (!file.url || !safe(file.url)) return html`<li>${label}</li>`;
  // From elsewhere nothing is loaded unasked: it would tell them who looks, and when.
  const ours = new URL(file.url, location.href).origin === location.origin;
  if (ours && file.type.startsWith("video/") && PLAYED.test(file.type)) {
    return html`<li><video src=${file.url} controls preload="metadata" aria-label=${name}></video></li>`;
  }
  if (ours && PLAYED.test(file.type)) {
    return html`<li><audio src=${file.url} controls preload="metadata" aria-label=${name}></audio></li>`;
  }
  const shown = ours && (file.kind === "image" || file.kind === "sticker");
  return html`<li><a href=${file.url} target="_blank" rel="noopener noreferrer">${shown
    ? html`<img src=${file.url} alt=${name} loading="lazy" />` : label}</a></li>`;
}

/** What a message says in one line: its words, else what came with it. */
export const wordsOf = ({ text, attachments }, t) =>
  text || (attachments ?? []).map((one) => one.name || t(`attached_${one.kind}`)).join(" · ");

/** `4.2 MB`, `17 KB`. */
export const sizeOf = ({ size }) => (size >= 1e6 ? `${(size / 1e6).toFixed(1)} MB` : `${Math.ceil(size / 1e3)} KB`);
