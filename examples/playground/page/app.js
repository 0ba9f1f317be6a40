// The page: its three views, and the loop of choosing, running and reading.

import { changes, nearest, read, write, writeLine } from "./address.js";
import { showCode, wireCode } from "./code.js";
import { showCauses } from "./console.js";
import { api, senders } from "./control.js";
import { element, icon, prose } from "./element.js";
import { applyFix, fixesFor } from "./fixes.js";
import { completeForm, fetchCode, grow, malformed, readForm, sayWhatIsHidden, writeForm } from "./form.js";
import { showReport } from "./report.js";
import { roving, tabs } from "./roving.js";
import { runOf } from "./run.js";
import { emptySequence, sequence } from "./sequence.js";
import { GROUPS, SITUATIONS } from "./situations.js";
import { showSteps } from "./steps.js";
import { familyOf } from "./ties.js";
import { agree, consoleLines, judge, likelyCause } from "./verdict.js";

const find = (id) => document.getElementById(id);
const form = find("form");
const verdict = find("verdict");

// ---- views

const showTab = tabs(find("views"), (tab) => go({ steps: "#/", console: writeLine(find("line").value), situations: write(situation, readForm()) }[tab.dataset.view]));

function go(address) {
  if (address === location.hash || (address === "#/" && !location.hash)) return;
  history.pushState(null, "", address);
  show();
}

// Shows what the address says.
function show() {
  const { view, situation: chosen, state, line } = read(location.hash);
  edited = null;
  showTab(find(`view-${view}`));
  document.body.dataset.view = view;
  if (view === "steps") showSteps(find("steps"), open);
  if (view === "console") {
    if (find("line").value !== line) find("line").value = line;
    showCauses(line, find("causes"), open);
  }
  if (view === "situations") {
    situation = chosen;
    writeForm(state);
    showSituation();
    run();
  }
  const names = { steps: "What CORS does", console: "A console message", situations: situation.name };
  document.title = `${names[view]} · CORS playground`;
}

// ---- situations

let situation = SITUATIONS[0];
let stopAt;

function showSituations() {
  for (const { name, situations } of GROUPS) {
    const buttons = situations.map((one) =>
      element("button.chip", { type: "button", id: `choose-${one.id}`, "aria-pressed": "false", onclick: () => open(one) }, one.name),
    );
    find("chips").append(
      element("div.group", { role: "group", "aria-label": name }, element("span.group-name", { "aria-hidden": "true" }, name), element("div.chips", {}, buttons)),
    );
  }
  stopAt = roving([...find("chips").querySelectorAll(".chip")]);
}

function open(chosen, state = chosen) {
  const address = write(chosen, state);
  if (address === location.hash) show();
  else go(address);
}

// The chip and the story of a situation stand above this situation alone.
function showSituation() {
  const state = readForm();
  situation = nearest(state, situation);
  const changed = changes(situation, state).map(({ name }) => name);
  for (const { id } of SITUATIONS) find(`choose-${id}`).setAttribute("aria-pressed", String(!changed.length && id === situation.id));
  const chip = find(`choose-${situation.id}`);
  stopAt(chip);
  // Where the chips are one line that is scrolled.
  chip.parentElement.scrollTo({ left: chip.offsetLeft - chip.parentElement.offsetLeft - 24 });
  find("reset").hidden = !changed.length;
  const names = changed.flatMap((name, index) => [index ? ", " : "", element("code", {}, name)]);
  find("story").replaceChildren(
    ...(changed.length ? ["Your own policy and request. They differ from “", situation.name, "” in ", ...names, "."] : prose(situation.story)),
  );
}

// ---- editing

let edited = null;
let pause;

// Writes the form to the address: a new entry for each field that is edited, so that Back undoes it.
function remember(name) {
  const address = write(situation, readForm());
  if (address === location.hash) return;
  history[name && name === edited ? "replaceState" : "pushState"](null, "", address);
  edited = name;
}

function edit(event) {
  const { target } = event;
  if (target.tagName === "TEXTAREA") grow(target);
  sayWhatIsHidden();
  showSituation();
  remember(target.name);
  wait();
  clearTimeout(pause);
  pause = setTimeout(run, /^(checkbox|select-one)$/.test(target.type) ? 0 : 350);
}

async function fixAndRun(fix) {
  writeForm(applyFix(readForm(), fix));
  showSituation();
  remember(null);
  await run();
  // The button is gone. What is new is in the verdict.
  find("verdict-title")?.focus({ preventScroll: true });
}

// ---- running

let wanted = 0;

// What is shown, and what still runs, belongs to the policy and request before.
function wait() {
  wanted += 1;
  verdict.setAttribute("aria-busy", "true");
  document.body.setAttribute("data-stale", "");
  find("bar-text").textContent = "Running …";
  find("bar").dataset.tone = "waiting";
  showCode("fetch", fetchCode(`${api}/items`, readForm().request));
}

async function run() {
  clearTimeout(pause);
  const state = readForm();
  wait();
  const mine = wanted;
  const problem = malformed();
  let shown = () => showMalformed(problem);
  if (!problem) {
    try {
      const done = await runOf(state);
      shown = () => showRun(done);
    } catch (error) {
      shown = () => showUnreachable(error);
    }
  }
  if (mine !== wanted) return;
  shown();
  verdict.removeAttribute("aria-busy");
  document.body.removeAttribute("data-stale");
}

function showRun(run) {
  showReport(run.report, form, find("report"));
  showCode("rust", run.report.rust);
  showCode("python", run.report.python);
  const { tone, title, text, terminal } = judge(run);
  showVerdict(tone, title, [
    element("p", {}, prose(text)),
    terminal && element("pre.terminal", { role: "group", "aria-label": "What the developer sees" }, terminal),
    !run.report.error && !agree(run) && element("p", { class: "differs" }, "Your browser decided this differently from the Fetch standard."),
    likelyCause(run),
  ]);
  showFixes(fixesFor(run));
  const lines = consoleLines(run);
  find("consoles").hidden = !lines.length;
  find("console-lines").replaceChildren(...lines);
  find("exchange").hidden = Boolean(run.report.error);
  find("drawing").replaceChildren(sequence(run));
  showExplanations(run);
}

function showVerdict(tone, title, parts) {
  verdict.className = `verdict ${tone}`;
  if (tone === "waiting") delete verdict.dataset.tone;
  else verdict.dataset.tone = tone;
  const mark = tone === "waiting" ? "" : icon(tone);
  verdict.replaceChildren(element("h2", { id: "verdict-title", tabindex: "-1" }, mark, element("span", {}, title)), ...parts.filter(Boolean));
  find("bar").dataset.tone = tone;
  find("bar-text").replaceChildren(mark && icon(tone), title);
}

function showFixes(fixes) {
  const rows = fixes.map((fix, index) =>
    element(
      "li.fix",
      {},
      element("div", { id: `fix-${index}` }, element("code.call", {}, fix.code), element("p.quiet", {}, fix.why)),
      element(`button${index ? ".second" : ".first"}`, { type: "button", "aria-describedby": `fix-${index}`, onclick: () => fixAndRun(fix) }, "Apply"),
    ),
  );
  find("fixes").hidden = !rows.length;
  find("fix-list").replaceChildren(...rows);
  find("fix-title").textContent = rows.length > 1 ? "Possible fixes" : "The fix";
}

function showExplanations({ exchanges, request }) {
  const asked = exchanges.filter(({ explanation }) => explanation);
  const texts = asked.map(({ preflight, explanation, by }) =>
    element(
      "div.explanation",
      {},
      asked.length > 1 && element("h3", {}, preflight ? "About the preflight" : "About the request"),
      by === "front" && element("p.quiet", {}, "The request did not reach the layer. The layer would have said:"),
      by !== "front" && request.front !== "nothing" && element("p.quiet", {}, "The layer does not know what is in front of it."),
      element("pre.terminal.wrap", { role: "group", "aria-label": "The crate’s explanation" }, explanation.text),
    ),
  );
  if (!asked.length) texts.push(element("p.quiet", {}, "Nothing: this API has no CORS layer."));
  find("explain").hidden = !exchanges.length;
  find("explanations").replaceChildren(...texts);
}

function forget(title, text) {
  showVerdict("waiting", title, [element("p", {}, text)]);
  for (const id of ["fixes", "explain", "consoles"]) find(id).hidden = true;
  find("exchange").hidden = false;
  find("drawing").replaceChildren(emptySequence(readForm().request));
}

function showMalformed(problem) {
  forget("Nothing was sent", problem);
  find("report").replaceChildren();
  showCode("rust", `// ${problem}`);
  showCode("python", `# ${problem}`);
}

function showUnreachable(error) {
  forget("The playground does not answer", "");
  showVerdict("bad", "The playground does not answer", [
    element("p", {}, prose("Is `cargo run --example playground` still running? Then reload this page.")),
    element("pre.terminal", {}, String(error)),
  ]);
}

// ---- start

const option = (origin, text = origin) => element("option", { value: origin }, text);
form.elements.origin.append(...senders.map((origin) => option(origin)), option("null", "null, a sandboxed frame"));
completeForm();
showSituations();
wireCode();

form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("input", edit);
form.addEventListener("focusin", ({ target }) => {
  document.body.dataset.family = familyOf(target.name) ?? "";
});
form.addEventListener("focusout", () => delete document.body.dataset.family);
find("send").addEventListener("click", run);
find("reset").addEventListener("click", () => {
  open(situation);
  find(`choose-${situation.id}`).focus();
});
find("line").addEventListener("input", () => {
  history.replaceState(null, "", writeLine(find("line").value));
  showCauses(find("line").value, find("causes"), open);
});
for (const link of document.querySelectorAll("[data-go]")) link.addEventListener("click", () => go(link.dataset.go));
const toVerdict = (event) => {
  event.preventDefault();
  (find(document.body.dataset.view === "situations" ? "verdict-title" : "main") ?? find("main")).focus();
};
find("skip").addEventListener("click", toVerdict);
find("bar").addEventListener("click", () => verdict.scrollIntoView({ block: "center" }));
new IntersectionObserver(([{ isIntersecting }]) => find("bar").toggleAttribute("data-shown", !isIntersecting)).observe(verdict);
addEventListener("popstate", show);
addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && document.body.dataset.view === "situations") run();
});

writeForm(situation);
forget("Not run yet", "");
show();
document.body.dataset.ready = "";
