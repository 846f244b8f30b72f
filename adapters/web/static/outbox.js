// What the visitor did and Frontdesk has not confirmed. It goes out one by one, in order, each
// under the id it was born with, so that sending again after a cut makes nothing twice.

const PATIENCE = 10_000

export class Outbox {
  #timer = 0
  #done = new Map()
  inFlight = null

  constructor(memory, connection) {
    this.memory = memory
    this.connection = connection
  }

  get waiting() {
    return this.memory.get('outbox')
  }

  /** Add a frame, with what the view needs to show it. */
  add(frame, text = '', attachments = []) {
    const item = { frame: { ...frame, id: newId() }, text, attachments, at: new Date().toISOString() }
    this.memory.set('outbox', [...this.waiting, item])
    this.flush()
    return item
  }

  /** Resolves when Frontdesk has answered for an item of this page. */
  settled({ frame: { id } }) {
    return new Promise((done) => this.#done.set(id, done))
  }

  /** A new socket: whatever was under way goes again. */
  restart() {
    this.stop()
    this.flush()
  }

  /** The socket is gone; nothing is under way. */
  stop() {
    this.inFlight = null
    clearTimeout(this.#timer)
  }

  flush() {
    const [next] = this.waiting
    if (!next || this.inFlight || !this.connection.send(next.frame)) return
    this.inFlight = next.frame.id
    this.#later(PATIENCE, () => this.connection.restart())
  }

  /** Frontdesk has it, or never will. */
  settle(id) {
    this.memory.set('outbox', this.waiting.filter(({ frame }) => frame.id !== id))
    this.#done.get(id)?.()
    this.#done.delete(id)
    this.#release(id)
    this.flush()
  }

  /** Frontdesk can't take it now. */
  postpone(id, seconds) {
    this.#release(id)
    this.#later(seconds * 1000, () => this.flush())
  }

  #release(id) {
    if (this.inFlight !== id) return
    this.inFlight = null
    clearTimeout(this.#timer)
  }

  #later(pause, act) {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(act, pause)
  }
}

/** A UUID; on pages without https a browser gives no randomUUID. */
function newId() {
  if (crypto.randomUUID) return crypto.randomUUID()
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
