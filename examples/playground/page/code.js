// The code: the application with the layer in its place, in Rust and in FastAPI, and the request.

import { element } from "./element.js";
import { tabs } from "./roving.js";
import { familyOfSetting, mark } from "./ties.js";

const find = (id) => document.getElementById(id);
const code = { rust: "", python: "", fetch: "" };

// A call of a setting has the mark of its family before it; the line of the layer's place stands out.
export function showCode(kind, text) {
  code[kind] = text;
  const line = (words) => {
    const setting = /^ {4}\.?([a-z_]+)[(=]/.exec(words)?.[1];
    const isPlace = /^ {4}\.layer\(cors\)|^app\.add_middleware\($/.test(words);
    const [, said, comment = ""] = /^(.*?)((?:(?<=^ *)\/\/|# ).*)?$/.exec(words);
    return element(
      `span.code-line${isPlace ? ".place" : ""}`,
      {},
      element("span.gutter", {}, mark(familyOfSetting(setting))),
      // So that a copied selection keeps the empty line.
      words ? said : element("br"),
      comment && element("span.comment", {}, comment),
    );
  };
  find(`code-${kind}`).replaceChildren(...text.trimEnd().split("\n").map(line));
}

export function wireCode() {
  tabs(find("code-tabs"));
  find("copy").addEventListener("click", copy);
}

async function copy() {
  const { kind } = document.querySelector('#code-tabs [aria-selected="true"]').dataset;
  let said = "Copied";
  try {
    await navigator.clipboard.writeText(code[kind]);
  } catch {
    const range = document.createRange();
    range.selectNodeContents(find(`code-${kind}`));
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    said = "Selected: copy it with Ctrl+C";
  }
  find("copied").textContent = said;
  setTimeout(() => {
    find("copied").textContent = "";
  }, 2000);
}
