// Five stars and a word, at the end of a chat.

import { el, icon } from './dom.js'

const RATING = /^rate:[1-5]$/

/** Whether a line asks for a rating. */
export function asksForRating({ suggestions }) {
  return suggestions.length > 0 && suggestions.every(({ id }) => RATING.test(id))
}

/** The card; `rate(score, comment)` sends a verdict, one for each star tapped and one with a comment. */
export function ratingElement(given, { t, rate }) {
  const card = el('fieldset', { class: 'rating' }, el('legend', {}, t('rate')))
  const thanks = el('p', { class: 'thanks', role: 'status' })
  const stars = el('div', { class: 'stars' }, ...[1, 2, 3, 4, 5].map((score) => star(score, t)))
  const finish = () => {
    card.querySelector('form')?.remove()
    for (const one of stars.children) one.disabled = true
    thanks.textContent = t('thanks')
  }
  stars.onclick = ({ target }) => {
    const score = [...stars.children].indexOf(target.closest('button')) + 1
    if (!score) return
    shine(stars, score)
    const sent = rate(score, '')
    card.querySelector('form')?.remove()
    thanks.before(commentForm(t, async (comment) => {
      await (comment ? rate(score, comment) : sent)
      finish()
    }))
  }
  card.append(stars, thanks)
  if (given) {
    shine(stars, given)
    finish()
  }
  return card
}

function star(score, t) {
  return el('button', { type: 'button', 'aria-label': t('star', { score }), 'aria-pressed': 'false' }, icon('star'))
}

function shine(stars, score) {
  for (const [at, one] of [...stars.children].entries()) {
    one.classList.toggle('on', at < score)
    one.setAttribute('aria-pressed', String(at + 1 === score))
  }
}

function commentForm(t, submit) {
  const field = el('input', { type: 'text', maxlength: '500', 'aria-label': t('comment'), placeholder: t('comment') })
  const form = el('form', {}, field, el('button', { type: 'submit' }, t('submit')))
  form.onsubmit = (event) => {
    event.preventDefault()
    form.lastChild.disabled = true
    submit(field.value.trim())
  }
  return form
}
