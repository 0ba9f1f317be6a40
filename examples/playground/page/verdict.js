// What became of a run: what the browser decided, read from what its page got, and why, read from
// what the API saw. The reasons follow Fetch's "CORS check" and "CORS-preflight fetch".

import { spelled } from "./element.js";

const SAFELISTED_METHODS = ["GET", "HEAD", "POST"];
const NORMALIZED = /^(delete|get|head|options|post|put)$/i;
// What a page may read of any response, and what is no part of a response to it.
const ALWAYS_READABLE = [
  "cache-control",
  "content-language",
  "content-length",
  "content-type",
  "expires",
  "last-modified",
  "pragma",
];
const PROTOCOL = /^(access-control-|vary$|set-cookie)/;

export const values = (fields, name) =>
  fields.filter(([known]) => known === name).map(([, value]) => value);

const items = (fields, name) =>
  values(fields, name).flatMap((value) => value.split(",")).map((item) => item.trim()).filter(Boolean);

// Fetch, "CORS check". `blame` is the header that failed it.
export function corsCheck({ answered }, { origin, credentials }) {
  const allowed = values(answered, "access-control-allow-origin");
  const fail = (blame, text) => ({ passed: false, blame, text });
  const header = "access-control-allow-origin";
  if (!allowed.length) return fail(header, "`Access-Control-Allow-Origin` is missing");
  if (allowed.length > 1) return fail(header, "`Access-Control-Allow-Origin` stands there twice, and one is allowed");
  if (allowed[0] === "*") {
    if (!credentials) return { passed: true, text: "`Access-Control-Allow-Origin` is `*`" };
    return fail(header, "with cookies `*` is not enough, `Access-Control-Allow-Origin` has to name the origin");
  }
  if (allowed[0] !== origin) return fail(header, "`Access-Control-Allow-Origin` names another origin");
  if (credentials && values(answered, "access-control-allow-credentials").join() !== "true") {
    return fail("access-control-allow-credentials", "the page asked with cookies, and `Access-Control-Allow-Credentials: true` is missing");
  }
  return {
    passed: true,
    text: "`Access-Control-Allow-Origin` names the page’s origin" + (credentials ? ", and `Access-Control-Allow-Credentials` is `true`" : ""),
  };
}

// Fetch, "CORS-preflight fetch", step 7.
export function preflightCheck(exchange, request) {
  const check = corsCheck(exchange, request);
  if (!check.passed) return check;
  if (exchange.status < 200 || exchange.status > 299) {
    return { passed: false, blame: "status", text: `the status of the answer is ${exchange.status}, and a preflight needs 200 to 299` };
  }
  const covers = (list, item) => list.includes(item) || (list.includes("*") && !request.credentials);
  const [method] = values(exchange.asked, "access-control-request-method");
  if (!SAFELISTED_METHODS.includes(method) && !covers(items(exchange.answered, "access-control-allow-methods"), method)) {
    return { passed: false, blame: "access-control-allow-methods", text: `\`Access-Control-Allow-Methods\` lacks ${method}` };
  }
  const allowed = items(exchange.answered, "access-control-allow-headers").map((name) => name.toLowerCase());
  const lacking = items(exchange.asked, "access-control-request-headers").filter((name) => !covers(allowed, name));
  if (lacking.length) {
    return { passed: false, blame: "access-control-allow-headers", text: `\`Access-Control-Allow-Headers\` lacks ${lacking.map(spelled).join(", ")}` };
  }
  return { passed: true, text: "origin, method and headers are allowed" };
}

// Why there was a preflight: the browser itself names all that is not safelisted.
export function whyPreflight({ asked }) {
  const [method] = values(asked, "access-control-request-method");
  const headers = items(asked, "access-control-request-headers").map((name) =>
    // Some of its values need no preflight.
    name === "content-type" ? "this Content-Type" : spelled(name),
  );
  const reasons = [];
  if (!SAFELISTED_METHODS.includes(method)) reasons.push(`${method} is not GET, HEAD or POST`);
  if (headers.length) reasons.push(`${list(headers)} ${headers.length > 1 ? "go" : "goes"} beyond what any page may send`);
  return reasons.join(", and ") || "it goes beyond what any page may send";
}

const list = (texts) => [texts.slice(0, -1).join(", "), texts.at(-1)].filter(Boolean).join(" and ");

// What the browser made of an exchange. It is known from what followed; the check says why.
export function decision(run, index) {
  const exchange = run.exchanges[index];
  const passed = index < run.exchanges.length - 1 || run.outcome.readable;
  const check = (exchange.preflight ? preflightCheck : corsCheck)(exchange, run.request);
  return check.passed === passed ? check : { passed, text: passed ? "the browser is content" : "the browser is not content" };
}

// The response headers that the API sent and the page did not get.
export function hiddenHeaders({ outcome, exchanges }) {
  const last = exchanges.at(-1);
  if (!outcome.readable || !last) return [];
  const readable = outcome.headers.map(([name]) => name);
  return last.answered
    .map(([name]) => name)
    .filter((name) => !readable.includes(name) && !PROTOCOL.test(name) && !ALWAYS_READABLE.includes(name));
}

const sentMethod = ({ method }) => (NORMALIZED.test(method) ? method.toUpperCase() : method);

// { tone, title, text }: what is announced.
export function judge(run) {
  const { report, outcome, exchanges, request } = run;
  if (report.error) {
    return {
      tone: "warn",
      title: "Your service would not start",
      text: `\`build()\` finds ${report.faults.length === 1 ? "a fault" : `${report.faults.length} faults`}, so nothing was sent. Its error, which is also the text of the panic at start-up:`,
      terminal: report.error,
    };
  }
  const method = sentMethod(request);
  const last = exchanges.at(-1);
  if (outcome.readable) return readable(run, method);
  if (!last) {
    return { tone: "bad", title: "Nothing was sent", text: "The API saw no request. What the page got:" , terminal: outcome.error };
  }
  const { text } = decision(run, exchanges.length - 1);
  if (last.preflight && last.by === "front" && last.status > 299) {
    return {
      tone: "bad",
      title: "The browser blocked it",
      text: `It asked the API first. What stands before the layer answered ${last.status}, without a CORS header, so the ${method} was not sent.`,
    };
  }
  if (last.preflight) {
    return {
      tone: "bad",
      title: "The browser blocked it",
      text: last.refusal
        ? `It asked the API first. The layer answered ${last.status}, “${last.refusal}”, so the ${method} was not sent.`
        : `It asked the API first, and did not send the ${method}: ${text}.`,
    };
  }
  if (last.by !== "handler") {
    return { tone: "bad", title: `The request was refused with ${last.status}`, text: `The handler was not reached, and the page cannot read the refusal: ${text}.` };
  }
  return {
    tone: "bad",
    title: "The browser blocked the response",
    text: `The handler carried the ${method} out all the same, and its page learns nothing of it: ${text}.`,
  };
}

function readable(run, method) {
  const { outcome, request, report } = run;
  const hidden = hiddenHeaders(run).map(spelled);
  if (hidden.length) {
    return {
      tone: "warn",
      title: `The page can read the response, but not ${list(hidden)}`,
      text: `The API sends ${hidden.length > 1 ? "these headers" : "this header"}, the browser keeps ${hidden.length > 1 ? "them" : "it"} from the script: \`Access-Control-Expose-Headers\` does not name ${hidden.length > 1 ? "them" : "it"}.`,
    };
  }
  const dangers = report.risks.filter(({ risk }) => risk != null);
  if (request.credentials && dangers.length) {
    return {
      tone: "warn",
      title: "The page can read the response, and so can any site",
      text: `A page of ${request.origin} asked with the visitor’s cookies and reads the answer, \`${outcome.body}\`. Every other site may as well: the policy takes that danger.`,
    };
  }
  const error = outcome.status >= 400;
  return {
    tone: "good",
    title: `The page can read the ${error ? "error" : "response"}`,
    text: error
      ? `The handler failed with ${outcome.status}, and its page is told so: errors are decorated as everything else is.`
      : `The browser sent the ${method}${run.exchanges.length > 1 ? " after a preflight" : " without a preflight"} and gave the script what came back.`,
  };
}

