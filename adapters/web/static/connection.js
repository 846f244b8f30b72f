// The socket to Frontdesk: says hello, comes back after every cut, sooner or later.

const FIRST_PAUSE = 500
const LONGEST_PAUSE = 30_000
const BUSY = 1013

export class Connection {
  #socket = null
  #timer = 0
  #tries = 0

  /** `hello()` gives the first frame; `onframe` and `onstatus(isOpen)` are told what happens. */
  constructor(url, { hello, onframe, onstatus }) {
    Object.assign(this, { url, hello, onframe, onstatus })
    addEventListener('online', () => this.#hurry())
    addEventListener('offline', () => this.restart())
    document.addEventListener('visibilitychange', () => document.hidden || this.#hurry())
  }

  open() {
    clearTimeout(this.#timer)
    this.#timer = 0
    const socket = (this.#socket = new WebSocket(this.url))
    socket.onopen = () => socket.send(JSON.stringify(this.hello()))
    socket.onmessage = ({ data }) => socket === this.#socket && this.#hear(JSON.parse(data))
    socket.onclose = ({ code }) => socket === this.#socket && this.#lost(code)
  }

  /** Send a frame; false where nobody is there to take it. */
  send(frame) {
    if (!this.isOpen) return false
    this.#socket.send(JSON.stringify(frame))
    return true
  }

  /** Give up a socket that answers no more, and get another. */
  restart() {
    const socket = this.#socket
    if (!socket) return
    this.#lost(0)
    socket.close()
  }

  #hear(frame) {
    if (frame.type === 'welcome') {
      this.isOpen = true
      this.#tries = 0
    }
    this.onframe(frame)
    if (frame.type === 'welcome') this.onstatus(true)
  }

  #lost(code) {
    this.#socket = null
    this.isOpen = false
    this.#tries = code === BUSY ? Math.max(this.#tries, 4) : this.#tries
    const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** this.#tries)
    this.#tries += 1
    this.#timer = setTimeout(() => this.open(), pause * (0.5 + Math.random()))
    this.onstatus(false)
  }

  #hurry() {
    if (this.#timer) this.open()
  }
}
