// The exchange as a drawing: page, browser, whatever stands before the API, and the API.

import { api } from "./control.js";
import { element, icon, prose, spelled } from "./element.js";
import { familyOfHeader, mark, settingOf } from "./ties.js";
import { decision, whyPreflight } from "./verdict.js";

const FRONTS = {
  "gateway-answers": { name: "Gateway", answers: "The gateway answers by itself. The API does not see the request." },
  "gateway-adds": { name: "Gateway", changes: "Adds `Access-Control-Allow-Origin: *`." },
  "gateway-names": { name: "Gateway", changes: "Writes another origin into `Access-Control-Allow-Origin`." },
  redirects: { name: "Gateway", answers: "The gateway redirects. The layer is not asked.", refuses: true },
  limit: { name: "Limit", answers: "Too many requests. The layer is not asked.", refuses: true },
  login: { name: "Login", answers: "There is no token, so the login refuses. The layer is not asked.", refuses: true },
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
  return drawing(request, FRONTS[request.front], [element("li.waiting", {}, "What goes over the wire will be drawn here.")]);
}

function drawing(request, front, steps) {
  const lanes = ["page", "browser", ...(front ? ["front"] : []), "api"];
  const { host } = new URL(api);
  const heads = {
    page: head("Page", request.origin.replace(/^http:\/\//, "")),
    browser: head("Browser", "yours"),
    front: front && head(front.name, "in front"),
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
    element(`li${classes}`, {}, mark(familyOfHeader(name)), element("span.name", {}, `${spelled(name)}: `), element("span.value", {}, value));
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
  if (seen.preflight) steps.push(note("browser", "plain", `Asks for permission first: ${whyPreflight(seen)}.`));
  else if (index === 0) steps.push(note("browser", "plain", "Sends it without asking first: a plain form could send this, too."));

  if (run.request.credentials && !seen.preflight && !seen.asked.some(([name]) => name === "cookie")) {
    steps.push(note("browser", "plain", "Sends no cookie, because this page is on another site. CORS does not decide this."));
  }
  const line = { title: `${seen.method} ${path(seen.target)}`, detail: seen.preflight ? "preflight" : "" };
  steps.push(message("browser", next, { ...line, fields: fieldList(seen.asked) }));
  if (front && seen.by !== "front") steps.push(message("front", "api", { title: seen.method, detail: "passed on" }));
  steps.push(answerer(seen, run, front));

  const { passed, blame, text, clauses } = decision(run, index);
  const answer = ({ status, answered, reason }, blamed) => ({
    title: `${status} ${reason ?? ""}`.trim(),
    detail: seen.by === "layer" && seen.text !== "OK" ? seen.text : "",
    tone: status > 299 ? "bad" : "good",
    fields: fieldList(answered, blamed),
    answer: true,
  });
  if (seen.behind) {
    steps.push(message("api", "front", answer(seen.behind)));
    if (front?.changes) steps.push(note("front", "bad", front.changes));
  }
  steps.push(message(next, "browser", answer(seen, blame)));
  steps.push(checks(seen.preflight ? "Preflight" : "CORS check", passed, text, clauses));
  return steps;
}

const STATES = { holds: ["good", "holds"], fails: ["bad", "fails"], hides: ["warn", "not so"], unread: ["plain", "not checked"] };

// The browser's statements about an answer, each with its place in the standard and the setting that it reads.
function checks(name, passed, text, clauses) {
  const clause = ({ step, says, seen, header, state }) => {
    const [tone, spoken] = STATES[state];
    const setting = settingOf(header);

    return element(
      `li.clause.${state}`,
      {},
      state === "unread" ? element("span.icon", { "aria-hidden": "true" }, "–") : icon(tone),
      element("span.unseen", {}, `${spoken}: `),
      element(
        "div",
        {},
        element("p", {}, prose(says)),
        (state === "fails" || state === "hides") && header && element("p.found", {}, "It is: ", element("code", {}, seen ?? "missing")),
        element("p.step", {}, setting && [mark(familyOfHeader(header)), element("code", {}, setting), " · "], step),
      ),
    );
  };
  return element(
    `li.note.checks.on-browser.${passed ? "good" : "bad"}`,
    {},
    icon(passed ? "good" : "bad"),
    element(
      "div",
      {},
      element("p.result", {}, `${name} ${passed ? "passed" : `failed: ${text}`}.`),
      clauses.length > 0 && element("ol.clauses", {}, clauses.map(clause)),
    ),
  );
}

function answerer(seen, run, front) {
  if (seen.by === "front") return note("front", front.refuses ? "bad" : "plain", front.answers);
  if (seen.by === "layer") {
    if (seen.preflight) return note("api", "plain", "The layer answers. The handler is not called.");
    return note("api", "bad", "`enforce_origin` refuses it before the handler.");
  }
  const bare = seen.explanation === null;
  return note("api", "plain", bare ? "The handler runs. There is no CORS layer." : "The handler runs, and the layer adds its headers.");
}

function end(run) {
  const { outcome } = run;
  if (!outcome.readable) return [message("browser", "page", { title: outcome.error, tone: "bad", answer: true })];
  const hidden = (run.browser?.hidden ?? []).map(spelled);
  const steps = [];
  if (hidden.length) steps.push(note("browser", "warn", `Hides ${hidden.join(", ")} from the script.`));
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
