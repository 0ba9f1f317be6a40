// Makes elements. What the API or the crate says only ever becomes text, never markup.

export function element(name, properties = {}, ...children) {
  const [tag, ...classes] = name.split(".");
  const made = document.createElement(tag);
  if (classes.length) made.className = classes.join(" ");
  for (const [key, value] of Object.entries(properties)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false && value != null) made.setAttribute(key, value);
  }
  made.append(...children.flat(Infinity).filter((child) => child != null && child !== false));
  return made;
}

// A text in which `what stands in backticks` is code.
export function prose(text) {
  return text.split("`").map((part, index) => (index % 2 ? element("code", {}, part) : part));
}

const SHAPES = {
  good: "M4 10.5l4 4 8-9",
  bad: "M5 5l10 10M15 5L5 15",
  warn: "M10 4v8M10 15.5v.5",
  plain: "M10 9v6M10 5v.5",
};

export const icon = (tone) => shape(SHAPES[tone], "icon");

export function shape(outline, classes) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("class", classes);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", outline);
  svg.append(path);
  return svg;
}

// `access-control-allow-origin` as people write and search it.
export function spelled(name) {
  return name.replace(/(^|-)([a-z])/g, (_, dash, letter) => dash + letter.toUpperCase());
}
