// What comes with a line, as elements: pictures, sound and video in place, all else to be fetched.

import { el, icon } from './dom.js'
import { linkTo } from './links.js'

const PLAYED = /^(audio\/(mpeg|ogg|wav|mp4)|video\/(mp4|webm))$/

/** The element of an attachment. */
export function attachmentElement(file, t) {
  const name = file.name || t(NAMES[file.kind] ?? 'file')
  const link = file.url ? linkTo(file.url, name) : null
  if (!link) return el('div', { class: 'bubble' }, name)
  if (file.type.startsWith('image/')) return picture(link, name)
  if (PLAYED.test(file.type)) return player(file, link.href, name)
  return download(file, link, name)
}

/** `4.2 MB`, `17 KB`. */
export function sizeText(bytes) {
  return bytes >= 1e6 ? `${(bytes / 1e6).toFixed(1)} MB` : `${Math.ceil(bytes / 1e3)} KB`
}

const NAMES = { image: 'picture', sticker: 'picture', voice: 'voice', video: 'video' }

function picture(link, name) {
  link.replaceChildren(el('img', { src: link.href, alt: name, loading: 'lazy' }))
  return el('div', { class: 'picture' }, link)
}

function player({ type }, src, name) {
  const tag = type.startsWith('video/') ? 'video' : 'audio'
  return el(tag, { class: 'player', src, controls: true, preload: 'metadata', 'aria-label': name })
}

function download({ size }, link, name) {
  link.classList.add('bubble', 'file')
  link.replaceChildren(icon('file'), el('span', {}, name), el('small', {}, size ? sizeText(size) : ''))
  return link
}
