// What the cases do in a page. Everything comes to a short text: what the page could read, or
// "refused" where the browser kept it from the page.

'use strict'

const json = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }
const put = { method: 'PUT' }
const include = { credentials: 'include' }

// Evaluates a case's expression, with the addresses it needs as globals.
async function evaluate(source, globals) {
  try {
    Object.assign(window, JSON.parse(globals))
    return JSON.stringify({ value: await (0, eval)(`(async () => (${source}))()`) })
  } catch (error) {
    return JSON.stringify({ thrown: String(error) })
  }
}

// "200 body", "refused", or the type of a response that hides what it is.
async function attempt(url, init) {
  const response = await answer(url, init)
  if (typeof response === 'string') return response
  if (response.type.startsWith('opaque')) return response.type
  return `${response.status} ${await response.text()}`.trim()
}

// The response itself, or "refused".
async function answer(url, init) {
  try {
    return await fetch(url, init)
  } catch (error) {
    return error.name === 'TypeError' ? 'refused' : String(error)
  }
}

// The headers of these names as the page sees them.
async function headers(url, init, ...names) {
  const response = await answer(url, init)
  if (typeof response === 'string') return response
  return names.map(name => response.headers.get(name))
}

// Whether a page may see how long the server took.
async function timed(url) {
  const seen = new Promise(resolve => {
    const observer = new PerformanceObserver(list => {
      const entry = list.getEntriesByName(url)[0]
      if (entry) resolve(entry)
    })
    observer.observe({ type: 'resource', buffered: true })
  })
  await (await fetch(url)).text()
  const entry = await seen
  return entry.requestStart > 0
}

// A session of the Model Context Protocol: initialize, then a tool call whose answer is a stream.
async function mcp(url) {
  const accept = 'application/json, text/event-stream'
  let session = {}
  const post = message =>
    fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept, ...session },
      body: JSON.stringify({ jsonrpc: '2.0', ...message }),
    })
  const clientInfo = { name: 'page', version: '1' }
  const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo }
  const initialized = await post({ id: 1, method: 'initialize', params })
  const { result } = (await messages(initialized)).at(-1)
  session = {
    'mcp-session-id': initialized.headers.get('mcp-session-id'),
    'mcp-protocol-version': result.protocolVersion,
  }
  await post({ method: 'notifications/initialized' })
  // As tools of the revision of 2026 send their arguments.
  session['mcp-param-from'] = '3'
  const call = { name: 'count_down', arguments: {}, _meta: { progressToken: 'steps' } }
  const told = await messages(await post({ id: 2, method: 'tools/call', params: call }))
  const ended = await fetch(url, { method: 'DELETE', headers: session })
  const steps = told.filter(message => message.method === 'notifications/progress').length
  return [result.protocolVersion, steps, told.at(-1).result.content[0].text, ended.ok]
}

// The messages of an event stream, as they come, until the answer.
async function messages(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  const found = []
  for (let text = ''; ; ) {
    const { done, value } = await reader.read()
    if (done) return found
    text += value
    const lines = text.split('\n')
    text = lines.pop()
    for (const line of lines) {
      if (line.startsWith('data: {')) found.push(JSON.parse(line.slice(6)))
    }
    if (found.at(-1)?.id) {
      reader.cancel()
      return found
    }
  }
}

function xhr(method, url, { fields = {}, credentials = false, body, listen = false } = {}) {
  return new Promise(resolve => {
    const request = new XMLHttpRequest()
    request.open(method, url)
    request.withCredentials = credentials
    for (const [name, value] of Object.entries(fields)) request.setRequestHeader(name, value)
    if (listen) request.upload.addEventListener('progress', () => {})
    request.onload = () => resolve(`${request.status} ${request.responseText}`.trim())
    request.onerror = () => resolve('refused')
    request.send(body)
  })
}

// The events of a stream that sends two.
function events(url, init) {
  return new Promise(resolve => {
    const source = new EventSource(url, init)
    const seen = []
    source.onmessage = event => {
      seen.push(event.data)
      if (seen.length === 2) done(seen.join(', '))
    }
    source.onerror = () => done('refused')
    const done = text => {
      source.close()
      resolve(text)
    }
  })
}

function socket(url) {
  return new Promise(resolve => {
    const socket = new WebSocket(url.replace('http', 'ws') + '/socket')
    socket.onopen = () => socket.send('hello')
    socket.onmessage = event => {
      resolve(event.data)
      socket.close()
    }
    socket.onerror = () => resolve('refused')
  })
}

// An element that loads something: "loaded" or "refused", and `read` of the element.
function element(name, attributes, read = () => 'loaded') {
  return new Promise(resolve => {
    const element = document.createElement(name)
    // The address last: WebKit loads as soon as it is there.
    const { src, href, ...others } = attributes
    for (const [key, value] of Object.entries(others)) element.setAttribute(key, value)
    element.onload = () => resolve(read(element))
    element.onerror = () => resolve('refused')
    if (src) element.src = src
    if (href) element.href = href
    document.body.append(element)
  })
}

// Whether a page may read the pixels of an image that it shows.
function pixels(image) {
  const canvas = document.createElement('canvas')
  const context = canvas.getContext('2d')
  context.drawImage(image, 0, 0)
  try {
    return 'read ' + [...context.getImageData(0, 0, 1, 1).data]
  } catch (error) {
    return error.name
  }
}

async function font(url) {
  try {
    await new FontFace('Square', `url(${url})`).load()
    return 'loaded'
  } catch {
    return 'refused'
  }
}

// What window.onerror is told of a script's error.
function reported(attributes) {
  return new Promise(resolve => {
    addEventListener('error', event => event.message && resolve(event.message))
    element('script', attributes).then(result => result === 'refused' && resolve(result))
  })
}

// An expression evaluated in a frame whose origin is opaque: "null" to servers.
function sandboxed(source) {
  return new Promise(resolve => {
    const frame = document.createElement('iframe')
    frame.sandbox = 'allow-scripts'
    frame.src = '/frame'
    frame.onload = () => frame.contentWindow.postMessage({ source, globals: JSON.stringify({ api }) }, '*')
    addEventListener('message', event => resolve(event.data.value))
    document.body.append(frame)
  })
}

addEventListener('message', async event => {
  if (event.data.source === undefined) return
  const result = await evaluate(event.data.source, event.data.globals)
  event.source.postMessage(JSON.parse(result), '*')
})

// A fetch made by a worker.
function worker(url) {
  return new Promise(resolve => {
    const source = `fetch(${JSON.stringify(url)}).then(r => r.text()).then(postMessage, () => postMessage('refused'))`
    const worker = new Worker(URL.createObjectURL(new Blob([source], { type: 'text/javascript' })))
    worker.onmessage = event => resolve(event.data)
  })
}

// A form sent by a navigation, into a frame.
function form(url) {
  return new Promise(resolve => {
    const frame = document.createElement('iframe')
    frame.name = 'target'
    document.body.append(frame)
    const form = document.createElement('form')
    Object.assign(form, { method: 'post', action: url, target: 'target' })
    document.body.append(form)
    frame.onload = () => resolve('sent')
    form.submit()
  })
}

// A form that the page itself goes to. It is gone then, so the answer comes before.
function leaveByForm(url) {
  const form = document.createElement('form')
  Object.assign(form, { method: 'post', action: url })
  document.body.append(form)
  setTimeout(() => form.submit(), 50)
  return 'left'
}

// A link that the page follows.
function leaveByLink(url) {
  const link = document.createElement('a')
  link.href = url
  document.body.append(link)
  setTimeout(() => link.click(), 50)
  return 'left'
}

// What is embedded, with an end where the engine says nothing of it.
function embedded(name, attributes) {
  return Promise.race([element(name, attributes), pause(2000).then(() => 'silence')])
}

// A service worker of this page's site, once it answers for the site.
async function serve(url) {
  await navigator.serviceWorker.register(url)
  await navigator.serviceWorker.ready
  return 'served'
}

// A gRPC-Web call of Greeter.Greet, by hand: the greeting and the status, which is in the trailers
// of the body, or in the headers if there is no body.
async function greet(url, name, fields = {}) {
  const text = new TextEncoder().encode(name)
  const message = name ? [0x0a, text.length, ...text] : []
  const response = await answer(url + '/hello.Greeter/Greet', {
    method: 'POST',
    headers: { 'content-type': 'application/grpc-web+proto', 'x-grpc-web': '1', ...fields },
    body: new Uint8Array([0, 0, 0, 0, message.length, ...message]),
  })
  if (typeof response === 'string') return response
  const status = response.headers.get('grpc-status')
  if (status !== null) return `status ${status}: ${decodeURIComponent(response.headers.get('grpc-message'))}`
  const bytes = new Uint8Array(await response.arrayBuffer())
  const parts = []
  for (let at = 0; at < bytes.length; ) {
    const length = new DataView(bytes.buffer).getUint32(at + 1)
    const frame = bytes.slice(at + 5, at + 5 + length)
    const isTrailers = bytes[at] === 0x80
    parts.push(new TextDecoder().decode(isTrailers ? frame : frame.slice(2)).trim())
    at += 5 + length
  }
  return parts.join(', ')
}

const pause = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds))

// The address on `api` that redirects there.
const redirect = (status, to) => `${api}/redirect/${status}?to=${encodeURIComponent(to)}`

// Whether a page may read the rules of a style sheet that it uses.
function rules(link) {
  try {
    return `${link.sheet.cssRules.length} rule`
  } catch (error) {
    return error.name
  }
}

// Random requests, one after another: for each case, what each of its fetches gave.
async function several(cases) {
  const given = []
  for (const fetches of cases) {
    const outcomes = []
    for (const { url, init } of fetches) outcomes.push(await outcome(url, init))
    given.push(outcomes)
  }
  return given
}

async function outcome(url, init) {
  const response = await answer(url, init)
  if (typeof response === 'string') return response
  const { type, status, redirected } = response
  const fields = ['x-read', 'etag', 'content-type', 'set-cookie'].map(name => response.headers.get(name))
  return [type, status, redirected, fields, await response.text()]
}
