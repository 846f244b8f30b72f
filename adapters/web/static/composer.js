// Where the visitor writes: a field that grows, files beside it, and the way to a person.

import { $, icon, label } from './dom.js'
import { Tray } from './tray.js'
import { Uploads } from './uploads.js'

const TALLEST = 132
const MOST = 10 // files of one message

export class Composer {
  #wanted = false

  /** `acts`: say(text, attachments), choose(suggestion), typing(). `sender`: see Uploads. */
  constructor({ t, acts, sender }) {
    this.acts = acts
    this.uploads = new Uploads({ ...sender, t, onchange: () => this.#changed() })
    this.tray = new Tray({ t, uploads: this.uploads })
    this.field = $('textarea')
    this.field.placeholder = t('placeholder')
    this.field.setAttribute('aria-label', t('write'))
    label($('.send'), t('send'), icon('send'))
    label($('.attach'), t('attach'), icon('attach'))
    $('main').dataset.drop = t('drop')
    $('.person').append(icon('person'), t('person'))
    $('.person').onclick = () => acts.choose({ id: '@person', text: t('person') })
    this.#listen()
    this.#listenForFiles()
    this.field.disabled = false // until here, nobody would hear what is typed
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

  /** By the button, from the clipboard, or dropped anywhere on the panel. */
  #listenForFiles() {
    const chooser = $('.chooser')
    $('.attach').onclick = () => chooser.click()
    chooser.onchange = () => {
      this.uploads.add(chooser.files)
      chooser.value = ''
    }
    this.field.onpaste = (event) => {
      const { files } = event.clipboardData
      if (!files.length || event.clipboardData.getData('text/plain')) return
      event.preventDefault()
      this.uploads.add(files)
    }
    document.ondragover = (event) => this.#drag(event, true)
    document.ondragleave = (event) => event.relatedTarget ?? this.#drag(event, false)
    document.ondrop = (event) => {
      this.#drag(event, false)
      this.uploads.add(event.dataTransfer.files)
      this.focus()
    }
  }

  #drag(event, isOver) {
    if (!event.dataTransfer.types.includes('Files')) return
    event.preventDefault()
    document.body.classList.toggle('dropping', isOver)
  }

  #changed() {
    this.tray.draw()
    this.#fit()
    if (this.#wanted && !this.uploads.isBusy) this.#submit()
  }

  /** What is still under way is waited for, and goes with its words. */
  #submit() {
    this.#wanted = this.uploads.isBusy
    if (this.#wanted || !this.#isSomething) return
    const text = this.field.value.trim()
    this.field.value = ''
    const files = this.uploads.take()
    this.acts.say(text, files.splice(0, MOST))
    while (files.length) this.acts.say('', files.splice(0, MOST))
  }

  get #isSomething() {
    return Boolean(this.field.value.trim()) || this.uploads.isReady
  }

  #fit() {
    $('.send').disabled = !this.#isSomething && !this.uploads.isBusy
    this.field.style.height = 'auto'
    this.field.style.height = `${Math.min(this.field.scrollHeight, TALLEST)}px`
  }
}
