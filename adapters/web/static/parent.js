// The page around the frame: both sides speak only to the exact origin that the other one has.

/** `heard` maps what the page says to functions. Returns a function to say something to it. */
export function speakWithPage(heard) {
  const origin = new URLSearchParams(location.search).get('origin')
  if (parent === window || !/^https?:\/\//.test(origin ?? '')) return () => {}
  addEventListener('message', (event) => {
    if (event.origin !== origin || event.source !== parent) return
    const name = event.data?.frontdesk
    if (Object.hasOwn(heard, name)) heard[name](event.data)
  })
  return (type, more = {}) => parent.postMessage({ frontdesk: type, ...more }, origin)
}
