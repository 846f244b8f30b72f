// The log: lines in their order, what is not sent yet below them, and who is writing.

import { $, el, icon } from './dom.js'
import { messageElement, settle, suggestionsElement } from './message.js'
import { asksForRating, ratingElement } from './rating.js'
import { needsTime, timeText } from './times.js'
import { showVerdict, verdictElement, verdictOf } from './verdict.js'

const NEAR = 80
const TYPING_LASTS = 6000

export class Transcript {
  #log = $('.log')
  #held = true
  #pending = new Map()
  #last = null
  #typing = null
  #typingTimer = 0

  /**
   * `acts`: choose(suggestion), judge(suggestion), rate(seq, score, comment); `rated(seq)` is the
   * score given.
   */
  constructor({ language, t, acts, rated, greeting }) {
    Object.assign(this, { language, t, acts, rated, greeting })
    this.#log.setAttribute('aria-label', t('log'))
    this.#log.onscroll = () => this.#scrolled()
    new ResizeObserver(() => this.#held && this.toEnd()).observe(this.#log)
    // A picture takes its room only when it is here; events of loading don't bubble.
    this.#log.addEventListener('load', () => this.#held && this.toEnd(), true)
    $('.newest').append(icon('down'), t('newest'))
    $('.newest').onclick = () => this.toEnd()
  }

  /** A line that Frontdesk has; it takes the place of the unsent one with its id. */
  add(line) {
    this.#pending.get(line.id)?.remove()
    this.#pending.delete(line.id)
    const verdict = verdictOf(line.choice)
    if (verdict) return showVerdict(this.#log, verdict)
    if (line.author === 'customer') this.#endOffers(line.text)
    else this.typing(false)
    const time = this.#timeOf(line)
    this.#place(...time, this.#elementOf(line))
    this.#follow()
  }

  /** Something that the visitor did and that is not confirmed. */
  addPending(id, text, attachments = []) {
    this.#endOffers(text)
    const line = { author: 'customer', text, attachments }
    const node = messageElement(line, { t: this.t, follows: this.#follows(line) })
    node.classList.add('pending')
    node.querySelector('.body').append(el('p', { class: 'fate' }, this.t('unsent')))
    this.#pending.set(id, node)
    this.#log.insertBefore(node, this.#typing)
    this.toEnd()
  }

  /** It won't be sent; `reason` says why. */
  fail(id, reason) {
    const node = this.#pending.get(id)
    node?.classList.replace('pending', 'failed')
    node?.querySelector('.fate').replaceChildren(`${this.t('failed')}: ${reason}`)
  }

  /** Back to the greeting: another visitor, or another store. */
  clear() {
    this.#log.replaceChildren()
    this.#pending.clear()
    this.#last = null
    this.#place(messageElement({ author: 'bot', text: this.greeting }, { t: this.t, follows: false }))
  }

  /** Everything that was missed is here: from now on a screen reader says what is new. */
  live() {
    this.#log.setAttribute('aria-live', 'polite')
  }

  /** An agent is writing; it fades if nothing comes of it. */
  typing(isTyping) {
    clearTimeout(this.#typingTimer)
    this.#typing?.remove()
    this.#typing = null
    if (!isTyping) return
    const dots = el('span', { class: 'dots', role: 'img', 'aria-label': this.t('typing') }, el('i'), el('i'), el('i'))
    const body = el('div', { class: 'body' }, el('div', { class: 'bubble' }, dots))
    this.#typing = this.#log.appendChild(el('div', { class: 'message agent typing' }, body))
    this.#typingTimer = setTimeout(() => this.typing(false), TYPING_LASTS)
    this.#follow()
  }

  toEnd() {
    this.#log.scrollTop = this.#log.scrollHeight
  }

  #elementOf(line) {
    const node = messageElement(line, { t: this.t, follows: this.#follows(line) })
    const body = node.querySelector('.body')
    if (asksForRating(line)) {
      const rate = (score, comment) => this.acts.rate(line.seq, score, comment)
      body.append(ratingElement(this.rated(line.seq), { t: this.t, rate }))
    } else if (line.suggestions.length) {
      body.append(suggestionsElement(line.suggestions, this.acts.choose))
    } else if (line.answers) {
      body.append(verdictElement(line.answers, { t: this.t, judge: this.acts.judge }))
    }
    this.#last = line
    return node
  }

  #timeOf(line) {
    const at = new Date(line.at)
    if (!needsTime(at, this.#last && new Date(this.#last.at))) return []
    this.#last = null
    return [el('time', { datetime: line.at }, timeText(at, this.language, this.t))]
  }

  #follows(line) {
    return this.#last?.author === line.author && this.#last.name === (line.name ?? '')
  }

  /** What has just been said or tapped ends the offers before it. */
  #endOffers(text) {
    for (const list of this.#log.querySelectorAll('.suggestions:not(.over)')) {
      settle(list, text)
      list.classList.add('over')
    }
  }

  #place(...nodes) {
    const below = this.#log.querySelector('.pending, .failed, .typing')
    for (const node of nodes) this.#log.insertBefore(node, below)
  }

  /** Whoever reads at the end stays there; whoever reads further up is not moved. */
  #scrolled() {
    this.#held = this.#log.scrollHeight - this.#log.scrollTop - this.#log.clientHeight < NEAR
    if (this.#held) $('.newest').hidden = true
  }

  #follow() {
    if (this.#held) this.toEnd()
    else $('.newest').hidden = false
  }
}
