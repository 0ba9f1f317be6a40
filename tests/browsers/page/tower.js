// What a page of tower-browser has of a browser, so that page.js runs there as it is. `native` does
// what leaves the page: it gets and gives JSON, and returns when the answer is there.

'use strict'

globalThis.window = globalThis
globalThis.addEventListener = () => {}
globalThis.location = { host: globalThis.host }

const call = what => JSON.parse(native(JSON.stringify(what)))
const bytesOf = text => [...utf8(text)]
const textOf = bytes => String.fromCodePoint(...codePoints(bytes))

function utf8(text) {
  const escaped = encodeURIComponent(text)
  const bytes = []
  for (let at = 0; at < escaped.length; at++) {
    const isEscape = escaped[at] === '%'
    bytes.push(isEscape ? parseInt(escaped.slice(at + 1, at + 3), 16) : escaped.charCodeAt(at))
    if (isEscape) at += 2
  }
  return bytes
}

function codePoints(bytes) {
  const text = decodeURIComponent(bytes.map(byte => '%' + byte.toString(16).padStart(2, '0')).join(''))
  return [...text].map(point => point.codePointAt(0))
}

globalThis.TextEncoder = class {
  encode(text) {
    return Uint8Array.from(utf8(text))
  }
}

globalThis.TextDecoder = class {
  decode(bytes) {
    return textOf([...bytes])
  }
}

globalThis.URLSearchParams = class {
  constructor(text) {
    this.text = text
  }
}

globalThis.Blob = class {
  constructor([text], { type }) {
    Object.assign(this, { text, type })
  }
}

// Bytes and the content type that goes with them (Fetch, "extract a body").
function content(body) {
  if (body === undefined || body === null) return {}
  if (body instanceof URLSearchParams) return { body: bytesOf(body.text), form: true }
  if (body instanceof Blob) return { body: bytesOf(body.text), type: body.type }
  if (body instanceof Uint8Array) return { body: [...body] }
  return { body: bytesOf(body), text: true }
}

function read(response) {
  return {
    status: response.status,
    type: response.type,
    redirected: response.redirected,
    headers: { get: name => response.headers[name.toLowerCase()] ?? null },
    text: async () => textOf(response.body),
    arrayBuffer: async () => Uint8Array.from(response.body).buffer,
  }
}

globalThis.fetch = async (url, init = {}) => {
  const { method = 'GET', headers = {}, body, mode, credentials, redirect, ...others } = init
  for (const other in others) throw new Error(`tower.js knows no ${other}`)
  const pairs = Array.isArray(headers) ? headers : Object.entries(headers)
  const answer = call({ fetch: url, method, headers: pairs, mode, credentials, redirect, ...content(body) })
  if (answer.blocked) throw new TypeError(answer.blocked)
  return read(answer)
}

globalThis.navigator = {
  sendBeacon(url, body) {
    fetch(url, { method: 'POST', credentials: 'include', body }).catch(() => {})
    return true
  },
}

globalThis.XMLHttpRequest = class {
  headers = []
  upload = { addEventListener: () => (this.listens = true) }

  open(method, url) {
    Object.assign(this, { method, url })
  }

  setRequestHeader(name, value) {
    this.headers.push([name, value])
  }

  send(body) {
    const { method, url, headers, listens } = this
    const credentials = this.withCredentials ? 'include' : 'same-origin'
    const answer = call({ fetch: url, method, headers, credentials, listens, ...content(body) })
    if (answer.blocked) return this.onerror()
    this.status = answer.status
    this.responseText = textOf(answer.body)
    this.onload()
  }
}

globalThis.EventSource = class {
  constructor(url, { withCredentials } = {}) {
    const credentials = withCredentials ? 'include' : 'same-origin'
    const answer = call({ fetch: url, method: 'GET', headers: [['accept', 'text/event-stream']], credentials })
    pause(0).then(() => {
      if (answer.blocked) return this.onerror()
      for (const [, data] of textOf(answer.body).matchAll(/data: (.*)\n/g)) this.onmessage({ data })
    })
  }

  close() {}
}

globalThis.WebSocket = class {
  constructor(url) {
    const answer = call({ socket: url })
    this.id = answer.socket
    pause(0).then(() => (answer.blocked ? this.onerror() : this.onopen()))
  }

  send(text) {
    const data = call({ says: text }).heard
    pause(0).then(() => this.onmessage({ data }))
  }

  close() {}
}

// The clock of the page goes on; nobody waits.
globalThis.setTimeout = (then, milliseconds) => {
  call({ advance: milliseconds })
  Promise.resolve().then(then)
}
