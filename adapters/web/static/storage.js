// What a browser remembers of one visitor: their token, what they read, rated and have not sent.
// Tabs share it, so it is read anew each time. Where storage is blocked, it lasts as long as a page.

const EMPTY = { token: null, read: 0, outbox: [], rated: {} }

export class Memory {
  #own = new Map()

  /** `name` tells channels and logged-in people apart. */
  constructor(name) {
    this.name = name
  }

  get(key) {
    try {
      const stored = localStorage.getItem(this.#place(key))
      return stored === null ? this.#own.get(key) ?? EMPTY[key] : JSON.parse(stored)
    } catch {
      return this.#own.get(key) ?? EMPTY[key]
    }
  }

  set(key, value) {
    try {
      localStorage.setItem(this.#place(key), JSON.stringify(value))
    } catch {
      this.#own.set(key, value)
    }
  }

  #place(key) {
    return `frontdesk:${this.name}:${key}`
  }
}
