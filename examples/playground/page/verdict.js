// What became of a run, in words. Whether the page could read the response is known from the real browser;
// why, from the checks of `tower-browser`; what was refused, from the crate.

import { element, icon, prose, spelled } from "./element.js";

const list = (texts) => [texts.slice(0, -1).join(", "), texts.at(-1)].filter(Boolean).join(" and ");

const sentence = (text) => `${text[0].toUpperCase()}${text.slice(1)}.`;

const values = (fields, name) => fields.filter(([known]) => known === name).map(([, value]) => value);

// Why there was a preflight: the browser itself names all that needs one.
export function whyPreflight({ asked }) {
  const [method] = values(asked, "access-control-request-method");
  const names = values(asked, "access-control-request-headers").flatMap((value) => value.split(","));
  // Some values of it need no preflight.
  const headers = names.map((name) => (name === "content-type" ? "this Content-Type" : spelled(name)));
  const reasons = [];
  if (!["GET", "HEAD", "POST"].includes(method)) reasons.push(`${method} is not GET, HEAD or POST`);
  if (headers.length) reasons.push(`${list(headers)} ${headers.length > 1 ? "are" : "is"} more than a plain form can send`);
  return reasons.join(", and ") || "it is more than a plain form can send";
}

// What the browser decided about an exchange, and the statements that it tested.
export function decision({ exchanges, outcome, browser }, index) {
  const passed = index < exchanges.length - 1 || outcome.readable;
  const checked = browser?.exchanges[index];
  if (!checked || checked.preflight !== exchanges[index].preflight || checked.passed !== passed) {
    return { passed, clauses: [], text: "your browser decides this differently from the standard" };
  }
  const failed = checked.clauses.find(({ state }) => state === "fails");
  return { passed, clauses: checked.clauses, blame: failed?.header ?? (failed && "status"), text: checked.check };
}

// Whether the browser and `tower-browser` agree, which a test watches.
export const agree = ({ outcome, exchanges, browser }) =>
  browser === null ||
  (browser.allowed === outcome.readable &&
    browser.exchanges.length === exchanges.length &&
    browser.exchanges.every(({ preflight }, index) => preflight === exchanges[index].preflight));

const NORMALIZED = /^(delete|get|head|options|post|put)$/i;
const sentMethod = ({ method }) => (NORMALIZED.test(method) ? method.toUpperCase() : method);

// { tone, title, text, terminal }
export function judge(run) {
  const { report, outcome, exchanges, request, browser } = run;
  if (report.error) {
    const errors = report.errors.length === 1 ? "an error" : `${report.errors.length} errors`;
    return {
      tone: "warn",
      title: "Your service would not start",
      text: `\`build()\` reports ${errors}, so nothing was sent. Its text for settings from a file:`,
      terminal: report.error,
    };
  }
  const method = sentMethod(request);
  const last = exchanges.at(-1);
  if (outcome.readable) return readable(run, method);
  if (!last) {
    const why = browser?.blocked ? ` ${sentence(browser.blocked.check)}` : "";
    return { tone: "bad", title: "Nothing was sent", text: `The API saw no request.${why} The page got:`, terminal: outcome.error };
  }
  const { text } = decision(run, exchanges.length - 1);
  if (last.preflight) {
    const answered =
      last.by === "front" ? `Something in front of the layer answered ${last.status}` : `The layer answered ${last.status}${last.refusal ? `, “${last.refusal}”` : ""}`;
    return { tone: "bad", title: "The browser blocked the request", text: `It first asked the API with a preflight. ${answered}. The ${method} was not sent: ${text}.` };
  }
  if (last.by !== "handler") {
    return { tone: "bad", title: `The request was refused with ${last.status}`, text: `It did not reach the handler. The page cannot read the refusal: ${text}.` };
  }
  return { tone: "bad", title: "The browser hid the response", text: `The API handled the ${method} anyway, but the browser hid the answer: ${text}.` };
}

function readable({ outcome, request, report, browser, exchanges }, method) {
  const hidden = browser?.hidden.map(spelled) ?? [];
  if (hidden.length) {
    const [these, them] = hidden.length > 1 ? ["these headers", "them"] : ["this header", "it"];
    return {
      tone: "warn",
      title: `The page can read the response, but not ${list(hidden)}`,
      text: `The API sends ${these}. The browser hides ${them} from the script: \`Access-Control-Expose-Headers\` does not list ${them}.`,
    };
  }
  if (request.credentials && report.warnings.some(({ risk }) => risk != null)) {
    return {
      tone: "warn",
      title: "The page can read the response, and so can any website",
      text: `A page of ${request.origin} asked with your user’s cookies and read the answer, \`${outcome.body}\`. Every other website can do so too: the policy tolerates this danger.`,
    };
  }
  const failed = outcome.status >= 400;
  return {
    tone: "good",
    title: `The page can read the ${failed ? "error" : "response"}`,
    text: failed
      ? `The handler failed with ${outcome.status}. The layer adds its headers to every status, so the page can read the error.`
      : `The browser sent the ${method}${exchanges.length > 1 ? " after a preflight" : " without a preflight"} and gave the response to the page.`,
  };
}

const CONSOLES = [
  ["chromium", "Chrome, Edge", /Chrome\//],
  ["firefox", "Firefox", /Firefox\//],
  ["webkit", "Safari", /Version\/.*Safari\//],
];

// What the three kinds of browsers print of a failure, word for word.
export function consoleLines({ browser }) {
  const printed = browser?.blocked?.console ?? {};
  return CONSOLES.filter(([engine]) => printed[engine]).map(([engine, name, own]) =>
    element(
      "div",
      { "data-engine": engine },
      element("dt", {}, name, own.test(navigator.userAgent) && element("span.yours", {}, "this browser")),
      element("dd", {}, icon("bad"), element("code", {}, printed[engine])),
    ),
  );
}

// What is likely wrong, as far as the wire shows it. Without anything in front of the layer, the layer knows best.
export function likelyCause({ browser, request }) {
  const { cause, suggestion } = browser?.blocked ?? {};
  if (!cause || request.front === "nothing") return null;
  return element(
    "dl.cause-seen",
    {},
    element("div", {}, element("dt", {}, "Likely cause"), element("dd", {}, prose(sentence(cause)))),
    element("div", {}, element("dt", {}, "What to change"), element("dd", {}, prose(sentence(suggestion)))),
  );
}
