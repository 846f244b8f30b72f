// Files on their way to Frontdesk. One that is there can be named in a message.

const MB = 1_000_000

export class Uploads {
  #items = []
  #last = 0

  /**
   * `token()` and `identity()` say who sends; `largest` is in bytes, null where nobody says;
   * `onchange()` is told of every step.
   */
  constructor({ token, identity, largest, language, t, onchange }) {
    Object.assign(this, { token, identity, largest, language, t, onchange })
  }

  /** In order; `state` is sending, done or failed, `progress` is in 0–1. */
  get items() {
    return this.#items
  }

  get isBusy() {
    return this.#items.some(({ state }) => state === 'sending')
  }

  get isReady() {
    return this.#items.some(({ state }) => state === 'done')
  }

  add(files) {
    for (const file of files) {
      const item = { key: (this.#last += 1), file, name: file.name, state: 'sending', progress: 0 }
      this.#items.push(item)
      this.#begin(item)
    }
    this.onchange()
  }

  retry(item) {
    Object.assign(item, { state: 'sending', progress: 0, reason: '', again: false })
    this.#begin(item)
    this.onchange()
  }

  remove(item) {
    item.request?.abort()
    this.#items = this.#items.filter((one) => one !== item)
    this.onchange()
  }

  /** What has arrived, to be named in a message; it is gone from here then. */
  take() {
    const done = this.#items.filter(({ state }) => state === 'done')
    this.#items = this.#items.filter(({ state }) => state !== 'done')
    this.onchange()
    return done.map(({ attachment }) => attachment)
  }

  #begin(item) {
    if (this.largest && item.file.size > this.largest) {
      return this.#fail(item, { code: 'too_large', why: 'file', limit: this.largest })
    }
    const request = (item.request = new XMLHttpRequest())
    request.open('POST', `file?${new URLSearchParams({ name: item.name, language: this.language })}`)
    request.setRequestHeader('Authorization', `Bearer ${this.token() ?? ''}`)
    request.setRequestHeader('Content-Type', item.file.type || 'application/octet-stream')
    const identity = this.identity()
    if (identity) request.setRequestHeader('X-Identity', ascii(JSON.stringify(identity)))
    request.upload.onprogress = ({ loaded, total }) => {
      item.progress = loaded / total
      this.onchange()
    }
    request.onload = () => this.#ended(item, request)
    request.onerror = () => this.#fail(item, { code: 'network' })
    request.send(item.file)
  }

  #ended(item, { status, responseText }) {
    const answer = parsed(responseText)
    if (status !== 200 || !answer) return this.#fail(item, answer?.error ?? { code: 'network' })
    Object.assign(item, { state: 'done', attachment: answer, request: null })
    this.onchange()
  }

  #fail(item, error) {
    const again = ['network', 'too_many', 'unavailable', 'timeout', 'failed'].includes(error.code)
    Object.assign(item, { state: 'failed', reason: this.#explain(error), again, request: null })
    this.onchange()
  }

  #explain({ code, why, limit }) {
    if (code === 'too_large' && why === 'file') return this.t('file_too_large', { mb: Math.floor(limit / MB) })
    if (code === 'too_large') return this.t('file_quota')
    if (code === 'invalid') return this.t(REASONS[why] ?? 'file_type')
    return this.t(REASONS[code] ?? 'file_network')
  }
}

const REASONS = {
  type: 'file_type',
  mismatch: 'file_mismatch',
  pixels: 'file_pixels',
  damaged: 'file_damaged',
  empty: 'file_empty',
  too_many: 'file_many',
  forbidden: 'file_session',
}

function parsed(text) {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** A header takes no other letters. */
function ascii(json) {
  return json.replace(/[\u0080-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
