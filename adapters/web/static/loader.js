(() => {
  const script = document.currentScript
  const base = new URL('.', script.src)
  const { colour, ink, title } = {{settings}}
  const page = (window.frontdesk ||= {})
  const root = document.documentElement
  const language = script.dataset.language || page.language || root.lang || navigator.language || ''
  const name = title[/^(zh|$)/i.test(language) ? 'zh' : 'en']
  const memory = 'frontdesk:' + base
  let frame

  const make = (tag, parent) => parent.appendChild(document.createElement(tag))
  const host = document.createElement('aside')
  const shadow = host.attachShadow({ mode: 'open' })
  const style = new CSSStyleSheet()
  style.replaceSync(`
    button,iframe{position:fixed;right:20px;z-index:99999999;border:0}
    button{bottom:20px;width:56px;height:56px;border-radius:50%;padding:0;cursor:pointer;
    background:${colour};color:${ink};box-shadow:0 2px 6px #0002,0 8px 24px #0003}
    button:focus-visible{outline:3px solid ${colour};outline-offset:3px}
    button:before{content:"";display:block;width:24px;height:24px;margin:auto;background:currentColor;
    clip-path:path("M5 3h14q3 0 3 3v8q0 3-3 3h-6l-6 5v-5H5q-3 0-3-3V6q0-3 3-3z")}
    [aria-expanded=true]:before{clip-path:path("M3.5 9L5 7.5l7 7 7-7L20.5 9 12 17.5z")}
    b{position:absolute;top:-3px;right:-3px;min-width:10px;padding:0 5px;border-radius:10px;
    background:#c8102e;color:#fff;font:600 12px/20px system-ui}
    b:empty,[hidden]{display:none}
    iframe{bottom:90px;width:392px;height:min(660px,calc(100vh - 110px));border-radius:18px;
    box-shadow:0 1px 3px #0002,0 12px 48px #0003}
    @media(max-width:480px){iframe{inset:0;width:100%;height:100%;border-radius:0}
    [aria-expanded=true]{display:none}}`)
  shadow.adoptedStyleSheets = [style]

  const button = make('button', shadow)
  const badge = make('b', button)

  const tell = (type, more) =>
    frame?.contentWindow.postMessage({ frontdesk: type, ...more }, base.origin)

  const load = () => {
    frame = make('iframe', shadow)
    frame.title = name
    frame.hidden = true
    const query = new URLSearchParams({ language, origin: location.origin })
    frame.src = base + 'frame?' + query
  }

  const show = (open) => {
    if (open && !frame) load()
    button.ariaExpanded = open
    if (!frame) return
    frame.hidden = !open
    tell(open ? 'shown' : 'hidden')
    if (!open) button.focus()
  }

  const unread = ({ count }) => {
    badge.textContent = count ? Math.min(count, 99) : ''
    button.ariaLabel = count ? `${name} (${count})` : name
  }

  const heard = {
    ready: () => tell('init', { identity: page.identity, open: !frame.hidden }),
    close: () => show(false),
    unread,
    talked: () => (localStorage[memory] = Date.now()),
  }
  addEventListener('message', ({ origin, source, data }) => {
    if (origin === base.origin && source === frame?.contentWindow) heard[data.frontdesk]?.(data)
  })

  button.onclick = () => show(!frame || frame.hidden)
  page.open = () => show(true)
  unread({})
  show(false)
  document.body.append(host)
  try {
    if (Date.now() - localStorage[memory] < 2592e5) load() // an answer may wait, three days long
  } catch {}
})()
