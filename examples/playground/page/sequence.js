// The exchange as a drawing: page, browser, whatever stands before the API, and the API.

import { api } from "./control.js";
import { element, icon, prose, spelled } from "./element.js";
import { decision, hiddenHeaders, whyPreflight } from "./verdict.js";

const FRONTS = {
  "gateway-answers": { name: "Gateway", answers: "The gateway answers by itself; the API sees nothing of it." },
  "gateway-adds": { name: "Gateway" },
  login: { name: "Login", answers: "No token, no answer. The layer behind it is not asked." },
};

export function sequence(run) {
  const front = FRONTS[run.request.front];
  return drawing(run.request, front, [
    ...begin(run),
    ...run.exchanges.flatMap((_, index) => exchange(run, index, front)),
    ...end(run),
  ]);
}

// Who takes part, before anything was sent.
export function emptySequence(request) {
  return drawing(request, FRONTS[request.front], [element("li.waiting", {}, "The exchange will be drawn here.")]);
}

function drawing(request, front, steps) {
  const lanes = ["page", "browser", ...(front ? ["front"] : []), "api"];
  const { host } = new URL(api);
  const heads = {
    page: head("Page", request.origin.replace(/^http:\/\//, "")),
    browser: head("Browser", "yours"),
    front: front && head(front.name, "before the API"),
    api: head("API", host),
  };
  return element(
    `div.sequence.lanes-${lanes.length}`,
    {},
    element("div.heads", { "aria-hidden": "true" }, lanes.map((lane) => element(`div.head.at-${lane}`, {}, heads[lane]))),
    element(
      "div.wires",
      {},
      lanes.map((lane) => element(`div.lifeline.at-${lane}`, { "aria-hidden": "true" })),
      element("ol.steps", {}, steps),
    ),
  );
}

const head = (name, detail) => [element("strong", {}, name), element("span", {}, detail)];

const NAMES = { page: "page", browser: "browser", front: "gateway", api: "API" };

// One arrow with what it carries.
function message(from, to, { title, detail, spoken, fields = [], tone = "", answer = false }) {
  const direction = ["page", "browser", "front", "api"];
  const back = direction.indexOf(from) > direction.indexOf(to);
  return element(
    `li.message.${from}-${to}.${back ? "back" : "forth"}`,
    {},
    element(
      "div.carried",
      {},
      element(
        "p.line",
        {},
        element("span.unseen", {}, `${NAMES[from]} to ${NAMES[to]}: `),
        element(`span.title${tone && `.${tone}`}`, {}, title),
        detail && element("span.detail", {}, detail),
        spoken && element("span.detail.spoken", {}, spoken),
      ),
      fields.length > 0 && element("ul.fields", {}, fields),
    ),
    element(`div.arrow${answer ? ".answer" : ""}`, { "aria-hidden": "true" }),
  );
}

function note(lane, tone, text) {
  return element(`li.note.on-${lane}.${tone}`, {}, tone !== "plain" && icon(tone), element("span", {}, prose(text)));
}

const CORS = /^(access-control-|origin$|vary$)/;

// The CORS fields first, and of them the one that says whose: they are what this is about.
const rank = (name) => (/^(access-control-allow-origin|origin)$/.test(name) ? 0 : /^access-/.test(name) ? 1 : CORS.test(name) ? 2 : 3);

function fieldList(fields, blame) {
  const ordered = [...fields].sort(([a], [b]) => rank(a) - rank(b));
  const item = (classes, name, value) =>
    element(`li${classes}`, {}, element("span.name", {}, `${spelled(name)}: `), element("span.value", {}, value));
  const list = ordered.map(([name, value]) =>
    item(`${CORS.test(name) ? ".cors" : ""}${name === blame ? ".blame" : ""}`, name, value),
  );
  const missing = /-/.test(blame ?? "") && !fields.some(([name]) => name === blame);
  return missing ? [item(".cors.blame.missing", blame, "missing"), ...list] : list;
}

function begin({ request }) {
  const fields = fieldList(
    request.headers.map((line) => [line.split(":")[0].trim().toLowerCase(), line.split(":").slice(1).join(":").trim()]),
  );
  const detail = request.credentials ? "with cookies" : "";
  return [message("page", "browser", { title: `fetch ${request.method}`, detail, fields })];
}

// `/TAB/items?run=7` is made up by the playground.
const path = (target) => target.replace(/^\/[^/]+/, "").replace(/\?run=\d+$/, "");

function exchange(run, index, front) {
  const seen = run.exchanges[index];
  const next = front ? "front" : "api";
  const steps = [];
  if (seen.preflight) steps.push(note("browser", "plain", `Asks first: ${whyPreflight(seen)}.`));
  else if (index === 0) steps.push(note("browser", "plain", "Sends it without asking: any page may send this."));

  if (run.request.credentials && !seen.preflight && !seen.asked.some(([name]) => name === "cookie")) {
    steps.push(note("browser", "plain", "Keeps the cookie back: to it, this page is of another site. CORS has no part in that."));
  }
  const line = { title: `${seen.method} ${path(seen.target)}`, detail: seen.preflight ? "preflight" : "" };
  steps.push(message("browser", next, { ...line, fields: fieldList(seen.asked) }));
  if (front && seen.by !== "front") steps.push(message("front", "api", { title: seen.method, detail: "passed on" }));
  steps.push(answerer(seen, run, front));

  const { passed, blame, text } = decision(run, index);
  const answer = ({ status, answered, reason }, blamed) => ({
    title: `${status} ${reason ?? ""}`.trim(),
    detail: seen.by === "layer" && seen.text !== "OK" ? seen.text : "",
    tone: status > 299 ? "bad" : "good",
    fields: fieldList(answered, blamed),
    answer: true,
  });
  if (seen.behind) {
    steps.push(message("api", "front", answer(seen.behind)));
    if (run.request.front === "gateway-adds") steps.push(note("front", "bad", "Adds `Access-Control-Allow-Origin: *` to it."));
  }
  steps.push(message(next, "browser", answer(seen, blame)));
  steps.push(note("browser", passed ? "good" : "bad", `${seen.preflight ? "Preflight" : "CORS check"} ${passed ? "passed" : "failed"}: ${text}.`));
  return steps;
}

function answerer(seen, run, front) {
  if (seen.by === "front") return note("front", run.request.front === "login" ? "bad" : "plain", front.answers);
  if (seen.by === "layer") {
    if (seen.preflight) return note("api", "plain", "The layer answers; the handler is not called.");
    return note("api", "bad", "`enforce_origin` stops it before the handler.");
  }
  const bare = seen.explanation === null;
  return note("api", "plain", bare ? "The handler carries it out. There is no CORS layer." : "The handler carries it out, the layer adds the headers.");
}

function end(run) {
  const { outcome } = run;
  if (!outcome.readable) return [message("browser", "page", { title: outcome.error, tone: "bad", answer: true })];
  const hidden = hiddenHeaders(run).map(spelled);
  const steps = [];
  if (hidden.length) steps.push(note("browser", "warn", `Keeps ${hidden.join(", ")} from the script.`));
  steps.push(
    message("browser", "page", {
      title: String(outcome.status),
      spoken: outcome.body.length < 60 ? outcome.body : "",
      tone: outcome.status > 299 ? "bad" : "good",
      fields: fieldList(outcome.headers),
      answer: true,
    }),
  );
  return steps;
}
