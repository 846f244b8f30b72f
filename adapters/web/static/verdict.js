// Whether an answer of the FAQ helped: two small buttons under it, pressed once.

import { el, icon, label } from './dom.js'

const VERDICT = /^@(un)?helpful:(.*)$/

/** What a line or a tap says of an answer: { answer, helpful }, or null if it says nothing. */
export function verdictOf(choice) {
  const found = VERDICT.exec(choice ?? '')
  return found && { answer: found[2], helpful: !found[1] }
}

/** The buttons under the answer of an entry; `judge(suggestion)` is called once. */
export function verdictElement(answer, { t, judge }) {
  const row = el('div', { class: 'verdict', 'data-answer': answer, role: 'group', 'aria-label': t('did_it_help') })
  for (const [kind, id] of [['helpful', `@helpful:${answer}`], ['unhelpful', `@unhelpful:${answer}`]]) {
    const button = el('button', { type: 'button', 'aria-pressed': 'false', 'data-kind': kind })
    label(button, t(kind), icon(kind))
    button.onclick = () => {
      if (button.hasAttribute('aria-disabled')) return
      press(row, kind === 'helpful')
      judge({ id, text: t(kind) })
    }
    row.append(button)
  }
  return row
}

/** Show a verdict that was given, here or in another window, under the newest such answer. */
export function showVerdict(log, { answer, helpful }) {
  const rows = [...log.querySelectorAll('.verdict')].filter((row) => row.dataset.answer === answer)
  if (rows.length) press(rows.at(-1), helpful)
}

// Not `disabled`: whoever came here by keyboard would lose their place.
function press(row, helpful) {
  for (const button of row.children) {
    const taken = (button.dataset.kind === 'helpful') === helpful
    button.setAttribute('aria-pressed', String(taken))
    button.setAttribute('aria-disabled', 'true')
  }
}
