// The panel: heading, transcript, composer. It shows what it is told and tells what was done.

import { el, icon } from './dom.js'
import { asksForRating, messageElement, ratingElement, settle, suggestionsElement } from './message.js'
import { needsTime, timeText } from './times.js'

const $ = (selector) => document.querySelector(selector)
const NEAR = 80

export class View {
  #pending = new Map()
  #last = null
  #typing = null
  #typingTimer = 0

  /** `acts`: say(text), choose(suggestion), rate(seq, score, comment), typing(), close(). */
  constructor({ settings, language, t, acts, rated }) {
    Object.assign(this, { settings, language, t, acts, rated })
    this.log = $('.log')
    this.field = $('textarea')
    this.#furnish()
    this.#listen()
  }

  /** A line that Frontdesk has; it takes the place of the unsent one with its id. */
  add(line) {
    const held = this.#atEnd()
    this.#pending.get(line.id)?.remove()
    this.#pending.delete(line.id)
    if (line.author === 'customer') this.#close(line.text)
    else this.typing(false)
    this.#place(this.#dated(line), this.#element(line))
    this.#follow(held || line.author === 'customer')
  }

  /** Something that the visitor did and that is not confirmed. */
  addPending(id, text) {
    this.#close(text)
    const line = { author: 'customer', text }
    const node = messageElement(line, { t: this.t, follows: this.#follows(line) })
    node.classList.add('pending')
    node.querySelector('.body').append(el('p', { class: 'fate' }, this.t('unsent')))
    this.#pending.set(id, node)
    this.#place(node)
    this.#follow(true)
  }

  /** It won't be sent; `reason` says why. */
  fail(id, reason) {
    const node = this.#pending.get(id)
    node?.classList.replace('pending', 'failed')
    node?.querySelector('.fate').replaceChildren(`${this.t('failed')}: ${reason}`)
  }

  /** Forget everything: another visitor, or another store. */
  clear() {
    this.log.replaceChildren()
    this.#pending.clear()
    this.#last = null
    this.greet()
  }

  greet() {
    const line = { author: 'bot', text: this.settings.greeting[this.language] }
    this.#place(messageElement(line, { t: this.t, follows: false }))
  }

  /** Who leads; `agent` is the name of the person, if they have said something. */
  state({ mode, ahead }, agent) {
    const key = {
      bot: 'led_by_bot',
      waiting: ahead ? 'waiting_behind' : 'waiting_next',
      assigned: agent ? 'led_by' : 'led_by_agent',
      closed: 'closed',
    }[mode]
    $('.status').textContent = this.t(key, { ahead, name: agent })
    document.body.dataset.mode = mode
    $('.person').hidden = mode === 'waiting' || mode === 'assigned'
  }

  /** Everything that was missed is here: from now on a screen reader says what is new. */
  live() {
    this.log.setAttribute('aria-live', 'polite')
  }

  online(isOnline) {
    document.body.classList.toggle('offline', !isOnline)
    this.notice(isOnline ? '' : this.settings.offline[this.language])
  }

  notice(text) {
    const notice = $('.notice')
    notice.hidden = !text
    notice.textContent = text
  }

  typing(isTyping) {
    clearTimeout(this.#typingTimer)
    if (!isTyping) {
      this.#typing?.remove()
      this.#typing = null
      return
    }
    this.#typingTimer = setTimeout(() => this.typing(false), 6000)
    if (this.#typing) return
    const held = this.#atEnd()
    const dots = el('span', { class: 'dots', role: 'img', 'aria-label': this.t('typing') }, el('i'), el('i'), el('i'))
    this.#typing = el('div', { class: 'message agent typing' }, el('div', { class: 'body' }, el('div', { class: 'bubble' }, dots)))
    this.log.append(this.#typing)
    this.#follow(held)
  }

  /** The panel came to sight. */
  shown() {
    this.log.scrollTop = this.log.scrollHeight
    if (matchMedia('(hover: hover)').matches) this.field.focus()
  }

  #furnish() {
    const { settings, t } = this
    const title = settings.title[this.language]
    document.title = $('h1').textContent = title
    document.documentElement.style.setProperty('--brand', settings.colour)
    document.documentElement.style.setProperty('--ink', settings.ink)
    $('.mark').append(icon('chat'))
    $('.status').textContent = t('connecting')
    label($('.close'), t('close'), icon('close'))
    label($('.send'), t('send'), icon('send'))
    $('.person').append(icon('person'), t('person'))
    $('.newest').append(icon('down'), t('newest'))
    this.log.setAttribute('aria-label', t('log'))
    this.field.placeholder = t('placeholder')
    this.field.setAttribute('aria-label', t('write'))
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
    this.log.onscroll = () => this.#atEnd() && ($('.newest').hidden = true)
    $('.newest').onclick = () => this.log.scrollTo({ top: this.log.scrollHeight })
    $('.person').onclick = () => this.acts.choose({ id: '@person', text: this.t('person') })
    $('.close').onclick = () => this.acts.close()
    addEventListener('keydown', (event) => event.key === 'Escape' && !event.isComposing && this.acts.close())
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
    this.field.style.height = `${Math.min(this.field.scrollHeight, 132)}px`
  }

  #element(line) {
    const node = messageElement(line, { t: this.t, follows: this.#follows(line) })
    const body = node.querySelector('.body')
    if (asksForRating(line)) {
      const rate = (score, comment) => this.acts.rate(line.seq, score, comment)
      body.append(ratingElement(this.rated(line.seq), { t: this.t, rate }))
    } else if (line.suggestions.length) {
      body.append(suggestionsElement(line.suggestions, this.acts.choose))
    }
    this.#last = line
    return node
  }

  #follows(line) {
    return this.#last?.author === line.author && (this.#last.name ?? '') === (line.name ?? '')
  }

  #dated(line) {
    const at = new Date(line.at)
    if (!needsTime(at, this.#last?.at && new Date(this.#last.at))) return ''
    this.#last = null
    return el('time', { datetime: line.at }, timeText(at, this.language, this.t))
  }

  /** What has just been said or tapped ends the offers before it. */
  #close(text) {
    for (const list of this.log.querySelectorAll('.suggestions:not(.over)')) {
      settle(list, text)
      list.classList.add('over')
    }
  }

  #place(...nodes) {
    const unsent = this.log.querySelector('.pending, .failed, .typing')
    const before = nodes.at(-1).matches('.pending') ? this.#typing : unsent
    for (const node of nodes) if (node) this.log.insertBefore(node, before)
  }

  #atEnd() {
    return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < NEAR
  }

  #follow(held) {
    if (held) this.log.scrollTop = this.log.scrollHeight
    else $('.newest').hidden = false
  }
}

function label(button, text, drawing) {
  button.setAttribute('aria-label', text)
  button.title = text
  button.append(drawing)
}
