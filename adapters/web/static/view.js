// The panel: its heading and notices, with the transcript and the composer in it.

import { Composer } from './composer.js'
import { $, icon, label } from './dom.js'
import { Transcript } from './transcript.js'

export class View {
  /**
   * `acts`: say(text, attachments), choose(suggestion), rate(seq, score, comment), typing(),
   * close(). `sender`: who sends files.
   */
  constructor({ settings, language, t, acts, rated, sender }) {
    Object.assign(this, { t, offline: settings.offline[language] })
    this.composer = new Composer({ t, acts, sender: { ...sender, language, largest: settings.largest } })
    this.transcript = new Transcript({ language, t, acts, rated, greeting: settings.greeting[language] })
    document.title = $('h1').textContent = settings.title[language]
    // The page around the frame has such landmarks, too.
    for (const part of ['header', 'main']) $(part).setAttribute('aria-label', settings.title[language])
    document.documentElement.style.setProperty('--brand', settings.colour)
    document.documentElement.style.setProperty('--ink', settings.ink)
    $('.mark').append(icon('chat'))
    $('.status').textContent = t('connecting')
    label($('.close'), t('close'), icon('close'))
    $('.close').onclick = () => acts.close()
    addEventListener('keydown', (event) => event.key === 'Escape' && !event.isComposing && acts.close())
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
    this.composer.offerPerson(mode === 'bot' || mode === 'closed')
  }

  online(isOnline) {
    document.body.classList.toggle('offline', !isOnline)
    this.notice(isOnline ? '' : this.offline)
  }

  notice(text) {
    $('.notice').hidden = !text
    $('.notice').textContent = text
  }

  /** The panel came to sight. */
  shown() {
    this.transcript.toEnd()
    this.composer.focus()
  }
}
