// Text from people, as nodes: text stays text, and only http and https addresses become links.

const ADDRESS = /https?:\/\/[^\s<>"'`，。；：！？、（）【】《》“”]+/gi
const TRAILING = /[.,;:!?)\]}]+$/

/** Nodes for a text: text nodes, with links between them. */
export function nodesOf(text) {
  const nodes = []
  let end = 0
  for (const { 0: found, index } of text.matchAll(ADDRESS)) {
    const address = found.replace(TRAILING, '')
    const link = linkTo(address)
    if (!link) continue
    nodes.push(document.createTextNode(text.slice(end, index)), link)
    end = index + address.length
  }
  nodes.push(document.createTextNode(text.slice(end)))
  return nodes
}

/** A link to an http or https address, or null. */
export function linkTo(address, label = address) {
  const url = parsed(address)
  if (!url || !/^https?:$/.test(url.protocol)) return null
  const link = document.createElement('a')
  link.href = url.href
  link.target = '_blank'
  link.rel = 'noopener noreferrer nofollow'
  link.textContent = label
  return link
}

function parsed(address) {
  try {
    return new URL(address, location.href)
  } catch {
    return null
  }
}
