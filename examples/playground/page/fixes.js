// What to change: the crate's own suggestions as changes of the form.
//
// A fix is { code, why, changes }; a change edits { policy, request }.

import { page } from "./control.js";
import { spelled } from "./element.js";
import { corsCheck, hiddenHeaders } from "./verdict.js";

const quoted = (texts) => `[${texts.map((text) => JSON.stringify(text)).join(", ")}]`;

const call = (setting, ...items) => `.${setting}(${setting === "allow_origin_regex" ? `r"${items}"` : quoted(items)})`;

const add = (name, ...items) => ({ policy, request }) => {
  const has = name in policy ? policy : request;
  if (has[name].includes("*")) return;
  has[name] = [...has[name], ...items.filter((item) => !has[name].includes(item))];
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

export function fixesForFault({ setting, value, write, risk }, request) {
  if (risk) return [...insteadOf({ setting, value, risk }, ownOrigin(request)), tolerate(risk)];
  const fix = (code, why, ...changes) => [{ code, why, changes }];
  if (write != null) return fix(call(setting, write), "The corrected spelling.", replace(setting, value, write));
  switch (setting) {
    case "constant_wildcard":
      return fix("without .constant_wildcard(true)", "The answers are not constant.", set("constant_wildcard", false));
    case "preflight_status":
      return fix(".preflight_status(StatusCode::OK)", "The default.", set("preflight_status", 200));
    default: {
      const parts = value.split(/[\s,;]+/).filter(Boolean);
      return parts.length > 1
        ? fix(call(setting, ...parts), "Each as its own item.", replace(setting, value, ...parts))
        : fix(`without ${JSON.stringify(value)}`, `Takes it out of ${setting}.`, remove(setting, value));
    }
  }
}

// What a policy takes knowingly, or takes without being refused.
export function fixesForRisk({ setting, value, write, risk }) {
  if (write != null) return [{ code: call(setting, write), why: "The better spelling.", changes: [replace(setting, value, write)] }];
  const revoke = ({ policy }) => {
    policy.tolerate = policy.tolerate.filter((tolerated) => tolerated !== risk);
  };
  return insteadOf({ setting, value, risk }, page).map((fix) => ({ ...fix, changes: [...fix.changes, revoke] }));
}

const tolerate = (risk) => ({
  code: `.tolerate(Risk::${risk})`,
  why: "Accepts the danger, knowingly.",
  changes: [add("tolerate", risk)],
});

// Ways without the danger.
function insteadOf({ setting, value, risk }, own) {
  if (!/^(AnyOrigin|NullOrigin|PublicSuffix)/.test(risk)) return [];
  const listed = {
    code: call("allow_origins", own),
    why: "For cookies: name the origins that may.",
    changes: [remove(setting, value), add("allow_origins", own), ask("origin", own)],
  };
  if (risk !== "AnyOrigin") return [listed];
  const bearer = {
    code: `.allow_headers(["authorization"]), without .allow_credentials(true)`,
    why: "For a Bearer token: the script sends it, no cookie is needed.",
    changes: [
      set("allow_credentials", false),
      add("allow_headers", "authorization"),
      ask("credentials", false),
      add("headers", "Authorization: Bearer demo"),
    ],
  };
  return [listed, bearer];
}

// All faults by their first fix at once, then the other ways.
function fixesForFaults(faults, request) {
  const each = faults.map((fault) => fixesForFault(fault, request));
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
  if (report.error) return fixesForFaults(report.faults, request);
  const last = exchanges.at(-1);
  if (!last) return [];
  if (outcome.readable) return [...fixesForHidden(run), ...fixesForDanger(run)];
  if (request.front !== "nothing") {
    const why = {
      "gateway-answers": "One place decides: the gateway passes OPTIONS on, and the layer answers.",
      "gateway-adds": "One place decides: the gateway adds nothing, the layer does.",
      login: "The layer goes outside of the login, so preflights need no token.",
    }[request.front];
    return [{ code: "CorsLayer outermost, nothing before it", why, changes: [ask("front", "nothing")] }];
  }
  const refused = last.explanation?.findings.filter(({ allowed, part }) => !allowed && part !== "credentials") ?? [];
  if (refused.length) return fixesForFindings(refused, run);
  const { blame } = corsCheck(last, request);
  return blame ? fixesForCredentials(request, last) : [];
}

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
    ways.push({ code: ".enforce_origin(EnforceOrigin::AllRequests)", why: "If such requests are not to be carried out at all.", changes: [set("enforce_origin", "AllRequests")] });
  }
  if (request.origin === "null") {
    ways.unshift({ code: `serve the page from ${page}`, why: "An origin of its own can be listed.", changes: [ask("origin", page)] });
  }
  return ways;
}

function fixesForCredentials(request, { answered }) {
  const without = { code: `fetch(…) without credentials`, why: "If the API needs no cookie.", changes: [ask("credentials", false)] };
  const wildcard = answered.some(([name, value]) => name === "access-control-allow-origin" && value === "*");
  const own = ownOrigin(request);
  const allow = {
    code: wildcard ? `.allow_origins(${quoted([own])})\n.allow_credentials(true)` : ".allow_credentials(true)",
    why: wildcard ? "If it does: cookies need origins by name." : "The builder call that the crate names.",
    changes: [...(wildcard ? [set("allow_origins", [own])] : []), set("allow_credentials", true)],
  };
  return wildcard ? [without, allow] : [allow, without];
}

function fixesForHidden(run) {
  const hidden = hiddenHeaders(run);
  if (!hidden.length) return [];
  if (hidden.includes("grpc-status")) {
    return [{ code: ".preset(Preset::GrpcWeb)", why: "All names that gRPC-Web needs.", changes: [add("preset", "GrpcWeb")] }];
  }
  const names = hidden.map(spelled);
  return [{ code: `.expose_headers(${quoted(names)})`, why: "Lets scripts read what is named.", changes: [add("expose_headers", ...names)] }];
}

function fixesForDanger({ report, request }) {
  return request.credentials ? report.risks.flatMap(fixesForRisk) : [];
}
