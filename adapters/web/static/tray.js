// The files that will go with the next message: how far they are, what is wrong, how to take one out.

import { $, el, icon, label } from './dom.js'
import { sizeText } from './attachments.js'

export class Tray {
  #list = $('.tray')
  #chips = new Map()

  constructor({ t, uploads }) {
    Object.assign(this, { t, uploads })
    this.#list.setAttribute('aria-label', t('tray'))
  }

  /** Show the uploads as they are now. */
  draw() {
    const { items } = this.uploads
    for (const [item, chip] of this.#chips) {
      if (items.includes(item)) continue
      chip.remove()
      this.#chips.delete(item)
    }
    for (const item of items) this.#chip(item)
    this.#list.hidden = !items.length
  }

  #chip(item) {
    let chip = this.#chips.get(item)
    if (!chip) {
      chip = el('li', { class: 'chip' })
      this.#chips.set(item, chip)
      this.#list.append(chip)
    }
    if (item.state === 'sending' && chip.dataset.state === 'sending') {
      chip.querySelector('progress').value = item.progress
    } else {
      chip.dataset.state = item.state
      chip.replaceChildren(this.#face(item), this.#words(item), ...this.#buttons(item))
    }
  }

  #face({ state, attachment }) {
    if (state !== 'done' || attachment.kind !== 'image') return el('span', { class: 'face' }, icon('file'))
    return el('img', { class: 'face', src: attachment.url, alt: '' })
  }

  #words({ state, name, file, progress, reason }) {
    const said = { done: () => el('small', {}, sizeText(file.size)), failed: () => el('small', { role: 'alert' }, reason) }
    const fate = said[state]?.() ?? el('progress', { value: progress, max: 1, 'aria-label': this.t('sending', { name }) })
    return el('span', { class: 'words' }, el('span', { class: 'called' }, name || this.t('file')), fate)
  }

  #buttons(item) {
    const remove = el('button', { type: 'button', onclick: () => this.#remove(item) })
    label(remove, this.t('remove', { name: item.name }), icon('remove'))
    if (!item.again) return [remove]
    const again = el('button', { type: 'button', class: 'again', onclick: () => this.uploads.retry(item) }, this.t('again'))
    return [again, remove]
  }

  #remove(item) {
    this.uploads.remove(item)
    $('.attach').focus()
  }
}
