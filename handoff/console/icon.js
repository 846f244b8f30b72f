// One symbol of the sprite, or a contact's initial on a quiet ground.
// The symbols stand in the page itself: some must be drawn just when there is no connection.
import { html } from "./html.js";

export const Icon = ({ name }) =>
  html`<svg class="icon" aria-hidden="true" focusable="false"><use href=${`#icon-${name}`} /></svg>`;

export function Avatar({ contact }) {
  return html`<span class="avatar" data-hue=${hue(contact.id)} aria-hidden="true">${initial(contact)}</span>`;
}

/** What a contact is called; who gave no name is told apart by the end of their id. */
export const nameOf = ({ id, name }, t) => name || t("visitor", { id: id.slice(-4) });

/** One of six grounds, the same for a contact everywhere. */
const hue = (id) => [...id].reduce((sum, one) => (sum * 31 + one.codePointAt(0)) % 997, 7) % 6;

/** "王女士" → "王", "tom baker" → "T"; without a name the end of the id. */
export function initial({ id, name }) {
  return name.match(/[\p{L}\p{N}]/u)?.[0].toUpperCase() ?? id.slice(-2);
}
