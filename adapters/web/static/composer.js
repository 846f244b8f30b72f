// Where the visitor writes: a field that grows, a button, and the way to a person.

import { $, icon, label } from './dom.js'

const TALLEST = 132

export class Composer {
  /** `acts`: say(text), choose(suggestion), typing(). */
  constructor({ t, acts }) {
    this.acts = acts
    this.field = $('textarea')
    this.field.placeholder = t('placeholder')
    this.field.setAttribute('aria-label', t('write'))
    label($('.send'), t('send'), icon('send'))
    $('.person').append(icon('person'), t('person'))
    $('.person').onclick = () => acts.choose({ id: '@person', text: t('person') })
    this.#listen()
  }

  /** Put the cursor here, unless that would raise a phone's keyboard. */
  focus() {
    if (matchMedia('(hover: hover)').matches) this.field.focus()
  }

  /** Whether a person can still be asked for. */
  offerPerson(isOffered) {
    $('.person').hidden = !isOffered
  }

  #listen() {
    $('form').onsubmit = (event) => {
      event.preventDefault()
      this.#submit()
    }
    // While an input method composes, Enter takes a candidate; Safari says so only by keyCode 229.
    this.field.onkeydown = (event) => {
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return
      event.preventDefault()
      this.#submit()
    }
    this.field.oninput = () => {
      this.#fit()
      if (this.field.value.trim()) this.acts.typing()
    }
  }

  #submit() {
    const text = this.field.value.trim()
    if (!text) return
    this.field.value = ''
    this.#fit()
    this.acts.say(text)
  }

  #fit() {
    $('.send').disabled = !this.field.value.trim()
    this.field.style.height = 'auto'
    this.field.style.height = `${Math.min(this.field.scrollHeight, TALLEST)}px`
  }
}
