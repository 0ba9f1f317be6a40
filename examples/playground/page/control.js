// Speaks to the two servers: to the page's own by its control endpoint, to the API through a frame.

export const { page, api, senders: senderList } = document.body.dataset;
export const senders = senderList.split(" ");

async function control(path, body) {
  const response = await fetch(`/control/${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(await response.text());
  return response.json();
}

let tab = null;

// Applies the setup to this tab. Gives the crate's report, and where to send if the policy builds.
export async function apply(policy, request) {
  const applied = await control("apply", { tab, policy, request });
  if (applied.run === undefined) return { report: applied.report };
  tab = applied.tab;
  return { report: applied.report, run: applied.run, url: `${api}/${tab}/items?run=${applied.run}` };
}

// What the API saw of a run, and the verdict of the crate `tower-browser` on the same request.
export const exchanges = (run) => control("exchanges", { tab, run });

// Sends from a frame of that origin, and gives what its page learned.
export function sendFrom(origin, url, init) {
  const frame = document.createElement("iframe");
  frame.hidden = true;
  frame.title = "sends the request";
  if (origin === "null") frame.sandbox = "allow-scripts";
  frame.src = `${origin === "null" ? page : origin}/sender`;
  return new Promise((resolve) => {
    const end = (outcome) => {
      clearTimeout(patience);
      removeEventListener("message", listen);
      frame.remove();
      resolve(outcome);
    };
    const listen = ({ source, origin: from, data }) => {
      if (source !== frame.contentWindow || from !== origin) return;
      // A sandboxed frame has no origin that could be named here.
      if (data.ready) source.postMessage({ url, init }, origin === "null" ? "*" : origin);
      if (data.outcome) end(data.outcome);
    };
    const patience = setTimeout(
      () => end({ readable: false, error: `No answer from a page of ${origin} within ten seconds. Can this browser resolve that name?` }),
      10_000,
    );
    addEventListener("message", listen);
    document.body.append(frame);
  });
}
