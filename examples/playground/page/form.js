// The form and what it stands for: settings of the policy, and the request.

import { element } from "./element.js";
import { familyOfSetting, mark } from "./ties.js";
import { POLICY, REQUEST } from "./situations.js";

const form = document.getElementById("form");
const field = (name) => form.elements[name];

const lines = (text) => text.split("\n").map((line) => line.trim()).filter(Boolean);
const commas = (text) => text.split(",").map((item) => item.trim()).filter(Boolean);

// Settings of which several words may be chosen.
const CHOICES = ["preset", "tolerate"];
// Items that may hold commas stand on lines of their own.
const BY_LINE = ["allow_origins", "allow_origin_regex", "headers"];

function parse(name, like, text) {
  if (Array.isArray(like)) return (BY_LINE.includes(name) ? lines : commas)(text);
  if (name === "max_age") return text === "" ? null : Number(text);
  return typeof like === "number" ? Number(text) : text;
}

function print(name, value) {
  if (Array.isArray(value)) return value.join(BY_LINE.includes(name) ? "\n" : ", ");
  return value ?? "";
}

const boxes = (name) => [...form.querySelectorAll(`input[name="${name}"]`)];

function read(defaults) {
  return Object.fromEntries(
    Object.entries(defaults).map(([name, like]) => {
      if (CHOICES.includes(name)) return [name, boxes(name).filter((box) => box.checked).map((box) => box.value)];
      if (typeof like === "boolean") return [name, field(name).checked];
      return [name, parse(name, like, field(name).value)];
    }),
  );
}

function write(values) {
  for (const [name, value] of Object.entries(values)) {
    if (CHOICES.includes(name)) {
      for (const box of boxes(name)) box.checked = value.includes(box.value);
    } else if (typeof value === "boolean") {
      field(name).checked = value;
    } else if (field(name).value !== String(print(name, value))) {
      field(name).value = print(name, value);
    }
  }
}

export const readForm = () => ({ policy: read(POLICY), request: read(REQUEST) });

export function writeForm({ policy, request }) {
  write(policy);
  write(request);
  for (const box of form.querySelectorAll("textarea")) grow(box);
  sayWhatIsHidden();
}

// A setting that the crate has and this page does not know yet gets a plain field.
export function completeForm() {
  for (const [name, like] of Object.entries(POLICY)) {
    if (field(name) || boxes(name).length) continue;
    const input = typeof like === "boolean" ? { type: "checkbox", name } : { name, spellcheck: "false" };
    const classes = typeof like === "boolean" ? "label.check.field" : "label.field.named";
    document.getElementById("more").append(element(classes, {}, element("input", input), element("span", {}, name)));
  }
  for (const named of form.querySelectorAll("[data-setting]")) named.prepend(mark(familyOfSetting(named.dataset.setting)) ?? "");
}

// What stands in closed parts of the form and differs from the defaults is named on their lids.
export function sayWhatIsHidden() {
  const { policy, request } = readForm();
  const [now, before] = [{ ...request, ...policy }, { ...REQUEST, ...POLICY }];
  const set = [...new Set([...form.querySelectorAll("#more [name]")].map(({ name }) => name))].filter(
    (name) => String(now[name]) !== String(before[name]),
  );
  document.getElementById("more-set").textContent = set.length ? `set: ${set.join(", ")}` : "";
  const chosen = (name) => field(name).selectedOptions[0]?.textContent;
  document.getElementById("around-set").textContent = `${chosen("answer")}; in front: ${chosen("front")}`;
}

// What a field says that cannot be sent at all; "" if there is none. Whether the rest is right, the crate says.
export function malformed() {
  const { max_age, preflight_status } = readForm().policy;
  const natural = (number, most) => Number.isInteger(number) && number >= 0 && number <= most;
  const problems = {
    max_age: max_age === null || natural(max_age, Number.MAX_SAFE_INTEGER) ? "" : "Write whole seconds, or nothing.",
    preflight_status: natural(preflight_status, 65535) ? "" : "Write a status, such as 200.",
  };
  for (const [name, problem] of Object.entries(problems)) field(name).setCustomValidity(problem);
  const wrong = form.querySelector(":is(input, select, textarea):invalid");
  if (!wrong) return "";
  const closed = wrong.closest("details");
  if (closed) closed.open = true;
  return `${wrong.name}: ${wrong.validationMessage}`;
}

// As many rows as lines.
export function grow(box) {
  box.rows = Math.max(1, box.value.split("\n").length);
}

// The fetch options; a body where one may be.
export function fetchInit({ method, headers, credentials }) {
  const init = { method };
  if (headers.length) {
    init.headers = headers.map((line) => {
      const [name, ...value] = line.split(":");
      return [name.trim(), value.join(":").trim()];
    });
  }
  if (credentials) init.credentials = "include";
  if (!/^(get|head)$/i.test(method)) init.body = body(headers);
  return init;
}

const JSON_BODY = '{"name":"tea"}';

function body(headers) {
  const kind = headers.find((line) => /^content-type\s*:/i.test(line)) ?? "";
  if (/grpc/i.test(kind)) return "\0\0\0\0\0";
  return /json/i.test(kind) ? JSON_BODY : "name=tea";
}

export function fetchCode(url, request) {
  const init = fetchInit(request);
  const entries = [];
  if (init.method !== "GET") entries.push(`method: ${JSON.stringify(init.method)}`);
  if (init.headers) {
    const headers = init.headers.map(([name, value]) => `    ${JSON.stringify(name)}: ${JSON.stringify(value)},`);
    entries.push(`headers: {\n${headers.join("\n")}\n  }`);
  }
  if (init.credentials) entries.push(`credentials: "include"`);
  if (init.body) entries.push(`body: ${init.body === JSON_BODY ? `JSON.stringify(${JSON_BODY})` : JSON.stringify(init.body)}`);
  const options = entries.length ? `, {\n${entries.map((entry) => `  ${entry},`).join("\n")}\n}` : "";
  return `const response = await fetch(${JSON.stringify(url)}${options});\nawait response.text();\n`;
}
