// The form and what it stands for: settings of the policy, and the request.

import { REQUEST, POLICY } from "./presets.js";

const form = document.getElementById("form");
const field = (name) => form.elements[name];

const lines = (text) => text.split("\n").map((line) => line.trim()).filter(Boolean);
const commas = (text) => text.split(",").map((item) => item.trim()).filter(Boolean);

// How the fields hold a setting that is no text.
const KINDS = {
  allow_origins: [lines, (list) => list.join("\n")],
  allow_origin_regex: [lines, (list) => list.join("\n")],
  allow_methods: [commas, (list) => list.join(", ")],
  allow_headers: [commas, (list) => list.join(", ")],
  expose_headers: [commas, (list) => list.join(", ")],
  max_age: [(text) => (text === "" ? null : Number(text)), (seconds) => seconds ?? ""],
  preflight_status: [Number, String],
  headers: [lines, (list) => list.join("\n")],
};

function read(defaults) {
  return Object.fromEntries(
    Object.entries(defaults).map(([name, value]) => {
      if (name === "preset" || name === "tolerate") return [name, boxes(name).filter((box) => box.checked).map((box) => box.value)];
      if (typeof value === "boolean") return [name, field(name).checked];
      const [parse] = KINDS[name] ?? [(text) => text];
      return [name, parse(field(name).value)];
    }),
  );
}

function write(values) {
  for (const [name, value] of Object.entries(values)) {
    if (name === "preset" || name === "tolerate") {
      for (const box of boxes(name)) box.checked = value.includes(box.value);
    } else if (typeof value === "boolean") {
      field(name).checked = value;
    } else {
      const [, print] = KINDS[name] ?? [null, (text) => text];
      field(name).value = print(value);
    }
  }
}

const boxes = (name) => [...form.querySelectorAll(`input[name="${name}"]`)];

export const readForm = () => ({ policy: read(POLICY), request: read(REQUEST) });

export function writeForm({ policy, request }) {
  write(policy);
  write(request);
  for (const box of form.querySelectorAll("textarea")) grow(box);
  openWhatIsSet();
}

// A setting that differs from its default is not to be missed.
function openWhatIsSet() {
  for (const more of form.querySelectorAll("details")) {
    const { policy } = readForm();
    const set = [...more.querySelectorAll("[name]")].some(
      ({ name }) => name in POLICY && String(policy[name]) !== String(POLICY[name]),
    );
    if (set) more.open = true;
  }
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
