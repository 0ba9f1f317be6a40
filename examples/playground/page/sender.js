// Runs in a frame of the origin that was chosen: makes the one request, tells the page what came of it.

"use strict";

const page = document.documentElement.dataset.page;

addEventListener("message", async (event) => {
  if (event.source !== parent || event.origin !== page) return;
  const { url, init } = event.data;
  parent.postMessage({ outcome: await send(url, init) }, page);
});

async function send(url, init) {
  try {
    const response = await fetch(url, init);
    return {
      readable: true,
      status: response.status,
      reason: response.statusText,
      headers: [...response.headers],
      body: await response.text(),
    };
  } catch (error) {
    return { readable: false, error: String(error) };
  }
}

parent.postMessage({ ready: true }, page);
