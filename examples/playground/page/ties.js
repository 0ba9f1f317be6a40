// What belongs together: a setting, the headers that it writes and answers, and the check that reads them.
// Each family has a colour and a shape, and its name is always written beside it.

import { shape } from "./element.js";

const FAMILIES = {
  origin: {
    settings: ["allow_origins", "allow_origin_regex"],
    headers: ["origin", "access-control-allow-origin"],
  },
  method: {
    settings: ["allow_methods", "mirror_methods"],
    headers: ["access-control-request-method", "access-control-allow-methods"],
  },
  header: {
    settings: ["allow_headers"],
    headers: ["access-control-request-headers", "access-control-allow-headers"],
  },
  expose: { settings: ["expose_headers"], headers: ["access-control-expose-headers"] },
  credentials: {
    settings: ["allow_credentials"],
    headers: ["access-control-allow-credentials", "cookie"],
  },
  age: { settings: ["max_age"], headers: ["access-control-max-age"] },
};

const SHAPES = {
  origin: "M10 3a7 7 0 1 0 0 14a7 7 0 0 0 0-14z",
  method: "M4 4h12v12H4z",
  header: "M10 3l8 14H2z",
  expose: "M7 2h6v5h5v6h-5v5H7v-5H2V7h5z",
  credentials: "M10 2l7 8-7 8-7-8z",
  age: "M4 2h12l-6 8 6 8H4l6-8z",
};

const lookup = (kind) =>
  new Map(Object.entries(FAMILIES).flatMap(([family, names]) => names[kind].map((name) => [name, family])));
const bySetting = lookup("settings");
const byHeader = lookup("headers");

export const familyOfSetting = (name) => bySetting.get(name);
export const familyOfHeader = (name) => byHeader.get(name);

// Of a field of the form: a setting, or the part of the request that meets it.
const PARTS = { origin: "origin", method: "method", headers: "header", credentials: "credentials" };
export const familyOf = (field) => bySetting.get(field) ?? PARTS[field];

// The setting that writes a header.
export const settingOf = (header) => FAMILIES[familyOfHeader(header)]?.settings[0];

// The mark of a family: a shape in its colour. The name stands beside it, so it says nothing aloud.
export function mark(family) {
  return family ? shape(SHAPES[family], `tie tie-${family}`) : null;
}
