// One line of the transcript as an element: who said it, the words, what can be tapped.

import { attachmentElement } from './attachments.js'
import { el, icon } from './dom.js'
import { nodesOf } from './links.js'

/** The element of a line. `follows` says that the same voice spoke just before. */
export function messageElement(line, { t, follows }) {
  const own = line.author === 'customer'
  const name = own ? t('you') : line.name || t(line.author)
  const node = el('div', { class: `message ${line.author}${follows ? ' follows' : ''}` })
  if (!own && line.author !== 'system') node.append(avatar(line))
  const body = el('div', { class: 'body' })
  body.append(el('p', { class: own || follows || line.author === 'system' ? 'name hidden' : 'name' }, name))
  if (line.text) body.append(el('div', { class: 'bubble', dir: 'auto' }, ...nodesOf(line.text)))
  for (const one of line.attachments ?? []) body.append(attachmentElement(one, t))
  node.append(body)
  return node
}

function avatar({ author, name }) {
  const face = author === 'agent' && name ? [...name][0].toUpperCase() : icon(author === 'agent' ? 'person' : 'bot')
  return el('span', { class: 'avatar', 'aria-hidden': 'true' }, face)
}

/** The suggestions under a line; `choose(suggestion)` is called once. */
export function suggestionsElement(suggestions, choose) {
  const list = el('div', { class: 'suggestions' })
  for (const suggestion of suggestions) {
    const tap = el('button', { type: 'button', class: 'suggestion' }, el('span', {}, suggestion.text), icon('next'))
    tap.onclick = () => {
      settle(list, suggestion.text)
      choose(suggestion)
    }
    list.append(tap)
  }
  return list
}

/** Nothing can be tapped here any more; what was taken stays marked. */
export function settle(list, taken) {
  for (const tap of list.children) {
    tap.disabled = true
    if (tap.textContent !== taken) continue
    tap.classList.add('taken')
    tap.lastChild.replaceWith(icon('done'))
  }
}
