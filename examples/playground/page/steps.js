// The first scene: in four steps what CORS does and whom it protects. Each step is really sent, by this browser.

import { page, senders } from "./control.js";
import { element, icon, prose } from "./element.js";
import { picture } from "./picture.js";
import { runOf } from "./run.js";
import { POLICY, REQUEST, byId } from "./situations.js";

const other = senders.at(-1);
const policy = { ...POLICY, allow_origins: [page], allow_credentials: true };
const bare = (origin) => origin.replace("http://", "");

const STEPS = [
  {
    title: "Your page asks, and reads the answer",
    text: `Alice is logged in to your website, \`${bare(page)}\`. A script of your page asks your API, and the browser adds Alice’s cookie. The API’s answer names your page’s **origin**, so the browser gives the answer to your page.`,
    drawn: { who: "your page", cookie: true, asks: "GET + cookie", answer: "your origin", says: "The request goes from your page through the browser to the API, with a cookie. The answer comes back to the page." },
    request: { credentials: true },
    base: "cookies",
    told: ({ outcome }) => `Your page read \`${outcome.body}\`.`,
  },
  {
    title: "Another website asks, and reads nothing",
    text: `Alice opens another website, \`${bare(other)}\`. Its script asks your API, too, and the browser adds her cookie again. The API answers. Its answer does not name that origin, so the browser **hides** it. This protects Alice: the other website cannot read her data.`,
    drawn: { who: "another website", isOther: true, cookie: true, asks: "GET + cookie", answer: "no origin", blocked: "answer", says: "The request goes from another website through the browser to the API, with a cookie. The browser keeps the answer." },
    request: { origin: other, credentials: true },
    base: "loopback",
    told: ({ exchanges, outcome }) => `The API answered ${exchanges.at(-1)?.status}. The other website got only \`${outcome.error}\`.`,
  },
  {
    title: "Before a change, the browser asks for permission",
    text: "Now the other website wants to send DELETE. A plain form cannot do that. So the browser first asks the API with an OPTIONS request, the **preflight**. The API does not give permission, and the DELETE is never sent.",
    drawn: { who: "another website", isOther: true, asks: "OPTIONS: may I?", answer: "no", blocked: "request", says: "The browser asks the API with OPTIONS. The API says no. The browser does not send the request of the other website." },
    request: { origin: other, method: "DELETE", credentials: true },
    base: "method",
    told: ({ exchanges }) => `The API saw only ${exchanges.map(({ method }) => `\`${method}\``).join(", ")}.`,
  },
  {
    title: "CORS protects Alice, not your API",
    text: "A plain form can send POST, so the browser asks for no permission. The API **handles** it, and the browser hides only the answer. Programs without a browser, such as curl, ignore CORS. So your API still needs a login and its own checks.",
    drawn: { who: "another website", isOther: true, cookie: true, asks: "POST", answer: "handled", blocked: "answer", says: "The POST of another website reaches the API, which handles it. The browser keeps the answer." },
    request: { origin: other, method: "POST", credentials: true },
    base: "no-guard",
    told: ({ exchanges }) => `The API ${exchanges.at(-1)?.by === "handler" ? "handled" : "refused"} the POST. The other website could not read the answer.`,
  },
];

const strong = (text) => text.split("**").flatMap((part, index) => (index % 2 ? element("strong", {}, prose(part)) : prose(part)));

let isShown = false;

// Draws the steps and sends their requests, once.
export function showSteps(place, open) {
  if (isShown) return;
  isShown = true;
  const told = STEPS.map(() => element("p.told", {}, "Sending …"));
  const steps = STEPS.map(({ title, text, drawn, request, base }, index) =>
    element(
      "li.step-card",
      {},
      picture(drawn),
      element("h2", {}, element("span.number", { "aria-hidden": "true" }, String(index + 1)), element("span", {}, title)),
      element("p", {}, strong(text)),
      element("div.live", {}, element("h3", {}, "Just now, in your browser"), told[index]),
      element(
        "button.small",
        { type: "button", onclick: () => open(byId(base), { policy, request: { ...REQUEST, ...request } }) },
        "See every header",
        element("span.unseen", {}, ` of step ${index + 1}`),
      ),
    ),
  );
  place.replaceChildren(...steps);
  for (const [index, step] of STEPS.entries()) {
    runOf({ policy, request: { ...REQUEST, ...step.request } }).then(
      (run) => {
        told[index].replaceChildren(icon(run.outcome.readable ? "good" : "bad"), element("span", {}, prose(step.told(run))));
        told[index].dataset.tone = run.outcome.readable ? "good" : "bad";
      },
      (error) => told[index].replaceChildren(`The playground does not answer: ${error}`),
    );
  }
}
