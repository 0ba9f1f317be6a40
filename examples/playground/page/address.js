// The state of the page as its address, so that it can be shared and reloaded, and Back and Forward work:
//
//     #/                          the four steps
//     #/console?line=TEXT         a line of a console
//     #/SITUATION?SETTING=VALUE   a situation, and what was changed in it
//
// What follows the # never leaves the browser.

import { SITUATIONS, byId } from "./situations.js";

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

// { view, situation, state, line }
export function read(hash) {
  const [path, query = ""] = hash.replace(/^#\/?/, "").split(/\?(.*)/s);
  const given = new URLSearchParams(query);
  if (path === "console") return { view: "console", line: given.get("line") ?? "" };
  const situation = byId(path);
  if (!situation) return { view: "steps" };
  return { view: "situations", situation, state: changed(situation, given) };
}

function changed({ policy, request }, given) {
  const state = structuredClone({ policy, request });
  for (const part of [state.policy, state.request]) {
    for (const name of Object.keys(part)) {
      if (given.has(name)) part[name] = parsed(part[name], name, given);
    }
  }
  return state;
}

// As the default has it: a list is one parameter for each item, and one empty one for none.
function parsed(like, name, given) {
  const text = given.get(name);
  if (Array.isArray(like)) return given.getAll(name).filter(Boolean);
  if (typeof like === "boolean") return text === "true";
  if (name === "max_age") return text === "" ? null : Number(text);
  if (typeof like === "number") return Number(text);
  return text;
}

export function write(situation, state) {
  const given = new URLSearchParams();
  for (const { name, value } of changes(situation, state)) {
    if (!Array.isArray(value)) given.append(name, value ?? "");
    else for (const item of value.length ? value : [""]) given.append(name, item);
  }
  return `#/${situation.id}${given.size ? `?${given}` : ""}`;
}

export const writeLine = (line) => `#/console${line ? `?${new URLSearchParams({ line })}` : ""}`;

// The settings and parts of the request that differ from the situation's.
export function changes(situation, state) {
  return ["policy", "request"].flatMap((part) =>
    Object.entries(state[part])
      .filter(([name, value]) => !same(value, situation[part][name]))
      .map(([name, value]) => ({ name, value })),
  );
}

// The situation that is exactly this, or else the one that it began with.
export function nearest(state, from) {
  if (from && !changes(from, state).length) return from;
  return SITUATIONS.find((situation) => !changes(situation, state).length) ?? from;
}
