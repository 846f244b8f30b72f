// Elements without markup: nothing that anybody wrote is ever read as HTML.

/** An element; `on…` properties are listeners, all others attributes. */
export function el(tag, properties = {}, ...children) {
  const node = document.createElement(tag)
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith('on')) node[name] = value
    else if (value !== false) node.setAttribute(name, value === true ? '' : value)
  }
  node.append(...children)
  return node
}

/** The element of the page that a selector names. */
export function $(selector) {
  return document.querySelector(selector)
}

/** Give a button that is only a drawing its name. */
export function label(button, text, drawing) {
  button.setAttribute('aria-label', text)
  button.title = text
  button.append(drawing)
}

const NS = 'http://www.w3.org/2000/svg'

const PATHS = {
  close: 'M6 9l6 6 6-6',
  attach: 'M19.5 11.5l-7.6 7.6a4.6 4.6 0 01-6.5-6.5l8-8a3.1 3.1 0 014.4 4.4l-7.9 7.9a1.5 1.5 0 01-2.2-2.2l7.1-7.1',
  file: 'M7 3.5h6.5L18 8v12.5H7zM13.5 3.5V8H18',
  remove: 'M7 7l10 10M17 7L7 17',
  send: 'M12 19V5m-6 6l6-6 6 6',
  person: 'M12 12a4 4 0 100-8 4 4 0 000 8zm-7 8c0-3.5 3-6 7-6s7 2.5 7 6',
  bot: 'M12 4v3m-5 0h10a2 2 0 012 2v7a2 2 0 01-2 2H7a2 2 0 01-2-2V9a2 2 0 012-2zm2.5 5v1m5-1v1',
  chat: 'M5 5h14a2 2 0 012 2v8a2 2 0 01-2 2h-7l-5 4v-4H5a2 2 0 01-2-2V7a2 2 0 012-2z',
  star: 'M12 3.6l2.6 5.3 5.8.8-4.2 4.1 1 5.8-5.2-2.7-5.2 2.7 1-5.8L3.6 9.7l5.8-.8z',
  next: 'M9 6l6 6-6 6',
  done: 'M5 12.5l4.5 4.5L19 7.5',
  down: 'M12 5v14m6-6l-6 6-6-6',
  helpful: 'M7 11v9H4v-9zm0 0l4-7c1.6 0 2.4 1 2.2 2.6L12.8 10H18a2 2 0 012 2.4l-1.2 6a2 2 0 01-2 1.6H7',
  unhelpful: 'M17 13V4h3v9zm0 0l-4 7c-1.6 0-2.4-1-2.2-2.6l.4-3.4H6a2 2 0 01-2-2.4l1.2-6a2 2 0 012-1.6H17',
}

/** A line drawing of 24 units. */
export function icon(name) {
  const svg = document.createElementNS(NS, 'svg')
  svg.setAttribute('viewBox', '0 0 24 24')
  svg.setAttribute('aria-hidden', 'true')
  svg.append(document.createElementNS(NS, 'path'))
  svg.firstChild.setAttribute('d', PATHS[name])
  return svg
}
