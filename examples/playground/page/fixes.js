// What to change: the crate's own suggestions as changes of the form.
//
// A fix is { code, why, changes }; a change edits { policy, request }.

import { page } from "./control.js";
import { spelled } from "./element.js";

const quoted = (texts) => `[${texts.map((text) => JSON.stringify(text)).join(", ")}]`;

const call = (setting, ...items) => `.${setting}(${setting === "allow_origin_regex" ? `r"${items}"` : quoted(items)})`;

const add = (name, ...items) => ({ policy, request }) => {
  const part = name in policy ? policy : request;
  if (part[name].includes("*")) return;
  part[name] = [...part[name], ...items.filter((item) => !part[name].includes(item))];
};
const remove = (name, value) => ({ policy }) => {
  policy[name] = policy[name].filter((item) => item !== value);
};
const replace = (name, value, ...written) => ({ policy }) => {
  policy[name] = [...new Set(policy[name].flatMap((item) => (item === value ? written : item)))];
};
const set = (name, value) => ({ policy }) => {
  policy[name] = value;
};
const ask = (name, value) => ({ request }) => {
  request[name] = value;
};

export function applyFix(state, fix) {
  const next = structuredClone(state);
  for (const change of fix.changes) change(next);
  return next;
}

// A page of this origin can be listed; `null` cannot be told from anybody's.
const ownOrigin = (request) => (request.origin === "null" ? page : request.origin);

function fixesForError({ setting, value, write, risk }, request) {
  if (risk) return [...insteadOf({ setting, value, risk }, ownOrigin(request)), tolerate(risk)];
  const fix = (code, why, ...changes) => [{ code, why, changes }];
  if (write != null) return fix(call(setting, write), "The corrected spelling.", replace(setting, value, write));
  switch (setting) {
    case "constant_wildcard":
      return fix("without .constant_wildcard(true)", "With this policy the answers are not constant.", set("constant_wildcard", false));
    case "preflight_status":
      return fix(".preflight_status(StatusCode::OK)", "The default.", set("preflight_status", 200));
    default: {
      const parts = value.split(/[\s,;]+/).filter(Boolean);
      return parts.length > 1
        ? fix(call(setting, ...parts), "Pass each one as a separate item.", replace(setting, value, ...parts))
        : fix(`without ${JSON.stringify(value)}`, `Removes it from ${setting}.`, remove(setting, value));
    }
  }
}

// A warning: what the policy tolerates, or what works and was probably not intended.
function fixesForRisk({ setting, value, write, risk }) {
  if (write != null) return [{ code: call(setting, write), why: "The better spelling.", changes: [replace(setting, value, write)] }];
  const revoke = ({ policy }) => {
    policy.tolerate = policy.tolerate.filter((tolerated) => tolerated !== risk);
  };
  return insteadOf({ setting, value, risk }, page).map((fix) => ({ ...fix, changes: [...fix.changes, revoke] }));
}

const tolerate = (risk) => ({
  code: `.tolerate(Risk::${risk})`,
  why: "Accepts the danger.",
  changes: [add("tolerate", risk)],
});

// Policies without the danger.
function insteadOf({ setting, value, risk }, own) {
  if (!/^(AnyOrigin|NullOrigin|PublicSuffix)/.test(risk)) return [];
  const listed = {
    code: call("allow_origins", own),
    why: "If cookies are needed: list the origins.",
    changes: [remove(setting, value), add("allow_origins", own), ask("origin", own)],
  };
  if (risk !== "AnyOrigin") return [listed];
  const bearer = {
    code: `.allow_headers(["authorization"]), without .allow_credentials(true)`,
    why: "If a Bearer token is enough: the script sends it, and no cookie is needed.",
    changes: [
      set("allow_credentials", false),
      add("allow_headers", "authorization"),
      ask("credentials", false),
      add("headers", "Authorization: Bearer demo"),
    ],
  };
  return [listed, bearer];
}

// All errors by their first fix at once, then the other ways.
function fixesForErrors(errors, request) {
  const each = errors.map((error) => fixesForError(error, request));
  const first = each.map(([fix]) => fix).filter(Boolean);
  const others = each.flatMap(([, ...rest]) => rest);
  return [...together(first, "All of them at once."), ...others];
}

function together(fixes, why = fixes.map((fix) => fix.why).join("\n")) {
  if (fixes.length < 2) return fixes;
  return [{
    code: [...new Set(fixes.map(({ code }) => code))].join("\n"),
    why,
    changes: fixes.flatMap(({ changes }) => changes),
  }];
}

export function fixesFor(run) {
  const { report, request, outcome, exchanges } = run;
  if (report.error) return fixesForErrors(report.errors, request);
  const last = exchanges.at(-1);
  if (!last) return [];
  if (outcome.readable) return [...fixesForHidden(run), ...fixesForDanger(run)];
  if (request.front !== "nothing") {
    return [{ code: FRONTS[request.front][0], why: FRONTS[request.front][1], changes: [ask("front", "nothing")] }];
  }
  const refused = last.explanation?.findings.filter(({ allowed, part }) => !allowed && part !== "credentials") ?? [];
  if (refused.length) return fixesForFindings(refused, run);
  return run.browser?.blocked && request.credentials ? fixesForCredentials(request, run.browser.blocked) : [];
}

const FRONTS = {
  "gateway-answers": ["OPTIONS forwarded to the API, .layer(cors) on the router", "Let one component decide: the gateway forwards OPTIONS, and the layer answers."],
  "gateway-adds": ["no CORS header in the gateway", "Let one component decide: the layer sets the headers, the gateway adds none."],
  "gateway-names": ["no CORS header in the gateway", "Let one component decide: the layer echoes the page’s origin."],
  redirects: ["fetch(…) to the final address", "Then there is no redirect."],
  limit: [".layer(limit)\n.layer(cors)", "The layer is added last, outside of the limit, so the 429 gets its headers."],
  login: [".layer(login)\n.layer(cors)", "The layer is added last, outside of the login, so preflights need no token."],
};

const SETTINGS = { origin: "allow_origins", method: "allow_methods", header: "allow_headers" };

function fixesForFindings(findings, { request, exchanges }) {
  const fixes = findings.map(({ part, asked, reason, nearest, fix }) => {
    if (part === "method" && !fix && nearest) {
      return { code: `fetch(…, { method: ${JSON.stringify(nearest)} })`, why: `The method ${asked}: ${reason}.`, changes: [ask("method", nearest)] };
    }
    if (!fix) return null;
    if (part === "private-network") {
      return { code: ".allow_private_network(true)", why: `The ${part}: ${reason}.`, changes: [set("allow_private_network", true)] };
    }
    const change = add(SETTINGS[part], asked);
    return { code: call(SETTINGS[part], asked), why: `The ${part} ${asked}: ${reason}.`, changes: [change] };
  });
  const ways = together(fixes.filter(Boolean));
  if (exchanges.at(-1).by === "handler" && !/^(get|head)$/i.test(request.method)) {
    ways.push({ code: ".enforce_origin(EnforceOrigin::AllRequests)", why: "If the API should not handle such requests at all.", changes: [set("enforce_origin", "AllRequests")] });
  }
  if (request.origin === "null") {
    ways.unshift({ code: `the page served from ${page}`, why: "Then the page has an origin that can be listed.", changes: [ask("origin", page)] });
  }
  return ways;
}

function fixesForCredentials(request, { reason }) {
  const without = { code: `fetch(…) without credentials`, why: "If the API needs no cookies.", changes: [ask("credentials", false)] };
  const wildcard = reason === "WildcardWithCredentials";
  const own = ownOrigin(request);
  const allow = {
    code: wildcard ? `.allow_origins(${quoted([own])})\n.allow_credentials(true)` : ".allow_credentials(true)",
    why: wildcard ? "If it needs cookies: list the origins." : "If the API needs cookies.",
    changes: [...(wildcard ? [set("allow_origins", [own])] : []), set("allow_credentials", true)],
  };
  return wildcard ? [without, allow] : [allow, without];
}

function fixesForHidden({ browser }) {
  const hidden = browser?.hidden ?? [];
  if (!hidden.length) return [];
  if (hidden.includes("grpc-status")) {
    return [{ code: ".preset(Preset::GrpcWeb)", why: "Adds all names that gRPC-Web needs.", changes: [add("preset", "GrpcWeb")] }];
  }
  const names = hidden.map(spelled);
  return [{ code: `.expose_headers(${quoted(names)})`, why: "Scripts can read the headers that are listed.", changes: [add("expose_headers", ...names)] }];
}

function fixesForDanger({ report, request }) {
  return request.credentials ? report.warnings.flatMap(fixesForRisk) : [];
}
