// When something was said, the way people say it.

const GAP = 10 * 60_000

/** Whether a line after a pause, or on another day, gets its time above it. */
export function needsTime(at, before) {
  return !before || at - before > GAP || at.toDateString() !== before.toDateString()
}

/** Today's time alone, yesterday's with the word, anything older with its date. */
export function timeText(at, language, t, now = new Date()) {
  const tag = language === 'zh' ? 'zh-CN' : 'en'
  const time = at.toLocaleTimeString(tag, { hour: '2-digit', minute: '2-digit' })
  const days = Math.round((midnight(now) - midnight(at)) / 86_400_000)
  if (days === 0) return time
  if (days === 1) return `${t('yesterday')} ${time}`
  const year = at.getFullYear() === now.getFullYear() ? {} : { year: 'numeric' }
  return `${at.toLocaleDateString(tag, { month: 'short', day: 'numeric', ...year })} ${time}`
}

function midnight(at) {
  return new Date(at.getFullYear(), at.getMonth(), at.getDate())
}
