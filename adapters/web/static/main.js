// Puts the widget together: the page around it, the socket, what was not sent yet, and the panel.

import { Connection } from './connection.js'
import { Outbox } from './outbox.js'
import { speakWithPage } from './parent.js'
import { Memory } from './storage.js'
import { languageOf, speaker } from './texts.js'
import { verdictOf } from './verdict.js'
import { View } from './view.js'

const TYPING_EVERY = 3000
const SHOW_OFFLINE_AFTER = 1500

class Chat {
  #last = 0
  #unread = 0
  #agent = ''
  #typed = 0
  #shown = false
  #withPerson = false
  #offlineTimer = 0

  constructor(identity, tellPage) {
    this.identity = identity
    this.tellPage = tellPage
    const settings = JSON.parse(document.documentElement.dataset.settings)
    const tag = document.documentElement.lang
    const language = languageOf(tag)
    this.memory = new Memory(`${location.pathname}:${identity?.id ?? ''}`)
    this.view = new View({
      settings,
      language,
      t: speaker(language),
      rated: (seq) => this.memory.get('rated')[seq],
      sender: { token: () => this.memory.get('token'), identity: () => this.identity },
      acts: {
        say: (text, attachments) => this.#say(text, attachments),
        choose: ({ id, text }) => this.#do({ type: 'choose', suggestion: id }, text),
        judge: ({ id, text }) => this.outbox.add({ type: 'choose', suggestion: id }, text),
        rate: (seq, score, comment) => this.#rate(seq, score, comment),
        typing: () => this.#typing(),
        close: () => tellPage('close'),
      },
    })
    this.connection = new Connection(new URL('socket', location.href.replace(/^http/, 'ws')), {
      hello: () => ({
        type: 'hello', token: this.memory.get('token'), after: this.#last, language: tag, identity: this.identity,
      }),
      onframe: (frame) => this.#hear(frame),
      onstatus: (isOnline) => this.#status(isOnline),
    })
    this.outbox = new Outbox(this.memory, this.connection)
    this.#begin()
    this.connection.open()
  }

  show(isShown) {
    this.#shown = isShown
    if (!isShown) return
    this.view.shown()
    this.#see()
  }

  #begin() {
    this.view.transcript.clear()
    for (const { frame, text, attachments } of this.outbox.waiting) {
      if (frame.type !== 'rate' && !verdictOf(frame.suggestion)) this.view.transcript.addPending(frame.id, text, attachments)
    }
    document.addEventListener('visibilitychange', () => this.#see())
  }

  #say(text, attachments) {
    const named = attachments.length ? { attachments: attachments.map(({ id }) => id) } : {}
    this.#do({ type: 'message', text, ...named }, text, attachments)
  }

  #do(frame, text, attachments = []) {
    const item = this.outbox.add(frame, text, attachments)
    this.view.transcript.addPending(item.frame.id, text, attachments)
    this.tellPage('talked')
  }

  #rate(seq, score, comment) {
    this.memory.set('rated', { ...this.memory.get('rated'), [seq]: score })
    return this.outbox.settled(this.outbox.add({ type: 'rate', score, comment }))
  }

  #hear(frame) {
    const heard = {
      welcome: () => this.#welcome(frame),
      accepted: () => this.#accepted(frame),
      message: () => this.#line(frame),
      state: () => this.#state(frame),
      typing: () => this.view.transcript.typing(true),
      error: () => this.#refused(frame),
    }
    if (Object.hasOwn(heard, frame.type)) heard[frame.type]()
  }

  #welcome({ token, seq }) {
    const stranger = this.memory.get('token') !== token
    this.memory.set('token', token)
    if (seq < this.#last || (stranger && this.#last)) this.#restart()
  }

  /** Another visitor's, or another store's, transcript comes from its start. */
  #restart() {
    this.#last = 0
    this.memory.set('read', 0)
    this.view.transcript.clear()
  }

  #accepted({ id }) {
    this.outbox.settle(id)
    this.view.notice('')
  }

  #line(line) {
    if (line.seq <= this.#last) return
    this.#last = line.seq
    if (line.author === 'agent') this.#agent = line.name
    this.view.transcript.add(line)
    if (line.author !== 'customer' && line.seq > this.memory.get('read')) this.#unread += 1
    this.#see()
  }

  #state(state) {
    if (state.mode !== 'assigned') this.#agent = ''
    this.#withPerson = state.mode === 'waiting' || state.mode === 'assigned'
    this.view.state(state, this.#agent)
    this.view.transcript.live()
  }

  #refused({ code, text, id = this.outbox.inFlight, retry_after: seconds = 3 }) {
    if (code === 'forbidden') this.memory.set('token', null)
    else if (code === 'too_many' || code === 'unavailable') {
      this.view.notice(text)
      if (id) this.outbox.postpone(id, seconds)
    } else if (id) {
      this.view.transcript.fail(id, text)
      this.outbox.settle(id)
    }
  }

  #status(isOnline) {
    if (isOnline) {
      clearTimeout(this.#offlineTimer)
      this.#offlineTimer = 0
      this.view.online(true)
      this.outbox.restart()
    } else {
      this.outbox.stop()
      this.#offlineTimer ||= setTimeout(() => this.view.online(false), SHOW_OFFLINE_AFTER)
    }
  }

  #see() {
    if (this.#shown && !document.hidden && this.#last > this.memory.get('read')) {
      this.memory.set('read', this.#last)
      this.connection.send({ type: 'read', seq: this.#last })
    }
    if (this.#shown && !document.hidden) this.#unread = 0
    this.tellPage('unread', { count: this.#unread })
  }

  #typing() {
    const now = Date.now()
    if (!this.#withPerson || now - this.#typed < TYPING_EVERY) return
    this.#typed = now
    this.connection.send({ type: 'typing' })
  }
}

function start() {
  let chat
  const open = (identity) => (chat ??= new Chat(identity ?? null, tellPage))
  const tellPage = speakWithPage({
    init: ({ identity, open: isOpen }) => open(identity).show(isOpen),
    shown: () => chat?.show(true),
    hidden: () => chat?.show(false),
  })
  document.querySelector('.close').hidden = parent === window
  if (parent === window) open(null).show(true)
  else tellPage('ready')
}

start()
