// The pictures of the four steps: a page, the browser and the API, and how far a request and its answer come.

const SPACE = "http://www.w3.org/2000/svg";

function draw(name, attributes, ...children) {
  const made = document.createElementNS(SPACE, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children.filter(Boolean));
  return made;
}

const text = (x, y, words, classes = "") => draw("text", { x, y, class: classes, "text-anchor": "middle" }, words);
const path = (d, classes) => draw("path", { d, class: classes });

const arrow = (from, to, y, classes) => {
  const tip = to > from ? -6 : 6;
  const point = path(`M${to + tip} ${y - 5}L${to} ${y}L${to + tip} ${y + 5}`, `wire ${classes} tip`);
  return draw("g", {}, path(`M${from} ${y}H${to}`, `wire ${classes}`), point);
};

const page = (name, isOther) => [
  draw("rect", { x: 8, y: 38, width: 74, height: 58, rx: 7, class: isOther ? "node other" : "node own" }),
  path("M8 52H82", isOther ? "rim other" : "rim own"),
  draw("circle", { cx: 16, cy: 45, r: 1.8, class: "dot" }),
  draw("circle", { cx: 22, cy: 45, r: 1.8, class: "dot" }),
  text(45, 78, isOther ? "?" : "A", isOther ? "letter other" : "letter own"),
  text(45, 122, name),
];

const browser = (has) => [
  draw("circle", { cx: 160, cy: 67, r: 29, class: "node browser" }),
  path("M160 51l13 5v10c0 9-6 14-13 17-7-3-13-8-13-17V56z", "shield"),
  has && draw("circle", { cx: 182, cy: 44, r: 8, class: "cookie" }),
  has && path("M180 42h.01M185 43h.01M181 47h.01M184 47h.01", "crumbs"),
  text(160, 122, "browser"),
];

const api = () => [
  draw("rect", { x: 238, y: 40, width: 74, height: 54, rx: 7, class: "node api" }),
  path("M238 58H312M238 76H312", "rim api"),
  path("M248 49h.01M248 67h.01M248 85h.01", "lamps"),
  text(275, 122, "API"),
];

// asks: what is written over the request; answer: what over the answer. blocked: "answer" or "request".
export function picture({ who, isOther, cookie, asks, answer, blocked, says }) {
  const isRefused = blocked === "request";
  return draw(
    "svg",
    { viewBox: "0 18 320 108", class: "picture", role: "img", "aria-label": says },
    ...page(who, isOther),
    arrow(86, 127, 58, "ask"),
    arrow(193, 234, 58, isRefused ? "ask preflight" : "ask"),
    text(213, 30, asks, "label"),
    arrow(234, 193, 78, isRefused ? "no" : blocked ? "plain" : "yes"),
    text(213, 107, answer, "label"),
    blocked
      ? path("M98 70l12 14M110 70l-12 14", "wire no stop")
      : arrow(127, 86, 78, "yes"),
    ...browser(cookie),
    ...api(),
  );
}
