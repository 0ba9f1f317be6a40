// What stands in place of functions of page.js that are about frames and workers.

async function sandboxed(source) {
  call({ load: '/frame' })
  call({ sandboxed: true })
  return (0, eval)(`(async () => (${source}))()`)
}

// A worker has its page's origin.
function worker(url) {
  return fetch(url).then(response => response.text(), () => 'refused')
}

async function form(url) {
  call({ form: url })
  return 'sent'
}
