// The page: choose, send, read.

import { api, apply, check, exchanges, page, sendFrom, senders } from "./control.js";
import { element, icon, prose } from "./element.js";
import { applyFix, fixesFor, fixesForFault, fixesForRisk } from "./fixes.js";
import { fetchCode, fetchInit, grow, readForm, writeForm } from "./form.js";
import { GROUPS, SITUATIONS } from "./presets.js";
import { emptySequence, sequence } from "./sequence.js";
import { judge } from "./verdict.js";

const find = (id) => document.getElementById(id);
const form = find("form");
const code = { rust: "", python: "", fetch: "" };

// ---- situations

function showSituations() {
  for (const { name, situations } of GROUPS) {
    const buttons = situations.map((situation) =>
      element("button.chip", { type: "button", id: `choose-${situation.id}`, "aria-pressed": "false", onclick: () => choose(situation) }, situation.name),
    );
    find("situations").append(
      element("div.group", { role: "group", "aria-label": name }, element("span.group-name", { "aria-hidden": "true" }, name), element("div.chips", {}, buttons)),
    );
  }
}

function choose(situation) {
  for (const { id } of SITUATIONS) find(`choose-${id}`).setAttribute("aria-pressed", String(id === situation.id));
  find("story").replaceChildren(...prose(situation.story));
  history.replaceState(null, "", `#/${situation.id}`);
  writeForm(situation);
  forget();
  review();
}

// ---- what the crate says to the policy, at every change

let latest = 0;

async function review() {
  const mine = ++latest;
  const { policy, request } = readForm();
  showCode("fetch", fetchCode(`${api}/items`, request));
  if (!isWhole(policy)) return;
  try {
    const report = await check(policy);
    if (mine === latest) showReport(report);
  } catch (error) {
    if (mine === latest) showUnreachable(error);
  }
}

function isWhole({ max_age, preflight_status }) {
  const natural = (number, most) => Number.isInteger(number) && number >= 0 && number <= most;
  const problems = {
    max_age: max_age === null || natural(max_age, Number.MAX_SAFE_INTEGER) ? "" : "Whole seconds, or nothing.",
    preflight_status: natural(preflight_status, 65535) ? "" : "A status, such as 200.",
  };
  for (const [name, problem] of Object.entries(problems)) form.elements[name].setCustomValidity(problem);
  return Object.values(problems).every((problem) => !problem);
}

function showReport(report) {
  showCode("rust", report.rust);
  showCode("python", report.python);
  const finding = (kind, tone, fixes) => (found) => {
    const [fix] = fixes(found, readForm().request);
    return element(
      `li.finding.${tone}`,
      {},
      element("span.kind", {}, icon(tone), kind),
      element("code.says", {}, found.text),
      fix &&
        element("button.small", { type: "button", onclick: () => change(fix) }, "Write ", element("code", {}, fix.code)),
    );
  };
  const findings = [
    ...report.faults.map(finding("fault", "bad", fixesForFault)),
    ...report.risks.map(finding("risk", "warn", fixesForRisk)),
    ...report.notes.map(finding("note", "plain", () => [])),
  ];
  find("report").replaceChildren(
    findings.length
      ? element("ul.findings-list", {}, findings)
      : element("p.quiet.clean", {}, icon("good"), "Builds, without a fault, a risk or a note."),
  );
  const blamed = new Set(report.faults.map(({ setting }) => setting));
  for (const field of form.elements) {
    if (field.name) field.toggleAttribute("data-faulty", blamed.has(field.name));
    if (blamed.has(field.name)) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  }
}

function change(fix) {
  writeForm(applyFix(readForm(), fix));
  find("report").focus();
  forget();
  review();
}

// ---- sending

let sending = false;

async function send() {
  if (sending) return;
  const { policy, request } = readForm();
  if (!isWhole(policy) || !form.reportValidity()) return;
  sending = true;
  find("send").setAttribute("aria-disabled", "true");
  find("verdict").setAttribute("aria-busy", "true");
  try {
    show(await runOf(policy, request));
  } catch (error) {
    showUnreachable(error);
  } finally {
    sending = false;
    find("send").removeAttribute("aria-disabled");
    find("verdict").removeAttribute("aria-busy");
  }
}

async function runOf(policy, request) {
  const { report, run, url } = await apply(policy, request.front, request.answer);
  showReport(report);
  if (report.error) return { report, request, outcome: {}, exchanges: [] };
  const outcome = await sendFrom(request.origin, url, fetchInit(request));
  return { report, request, outcome, exchanges: await exchanges(run) };
}

function show(run) {
  const { tone, title, text, terminal } = judge(run);
  const verdict = find("verdict");
  verdict.className = `verdict ${tone}`;
  verdict.dataset.tone = tone;
  verdict.replaceChildren(
    element("h2", { id: "verdict-title", tabindex: "-1" }, icon(tone), element("span", {}, title)),
    element("p", {}, prose(text)),
    terminal ? element("pre.terminal", { tabindex: "0", role: "group", "aria-label": "What the developer sees" }, terminal) : "",
    run.exchanges.length && !run.outcome.readable
      ? element("p.quiet", {}, "What your browser prints to its console, no page can read: open it (F12) beside this.")
      : "",
  );
  showFixes(fixesFor(run));
  showSequence(run);
  showExplanations(run);
  bringIntoView(verdict);
}

function bringIntoView(what) {
  const { top, bottom } = what.getBoundingClientRect();
  if (top >= 0 && bottom <= innerHeight) return;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  what.scrollIntoView({ behavior: calm ? "auto" : "smooth", block: "start" });
}

function showFixes(fixes) {
  const rows = fixes.map((fix, index) =>
    element(
      "li.fix",
      {},
      element("div", { id: `fix-${index}` }, element("code.call", {}, fix.code), element("p.quiet", {}, fix.why)),
      element(
        `button${index ? ".second" : ".first"}`,
        { type: "button", "aria-describedby": `fix-${index}`, onclick: () => applyAndSend(fix) },
        index ? "Apply" : "Apply and send again",
      ),
    ),
  );
  find("fixes").hidden = !rows.length;
  find("fix-list").replaceChildren(...rows);
  find("fix-title").textContent = rows.length > 1 ? "Ways out" : "The fix";
}

async function applyAndSend(fix) {
  writeForm(applyFix(readForm(), fix));
  await send();
  // The button is gone; the news is in the verdict.
  find("verdict-title")?.focus({ preventScroll: true });
}

function showSequence(run) {
  find("exchange").hidden = Boolean(run.report.error);
  find("drawing").replaceChildren(sequence(run));
}

function showExplanations({ exchanges, request }) {
  const asked = exchanges.filter(({ explanation }) => explanation);
  const texts = asked.map(({ preflight, explanation, by }) =>
    element(
      "div.explanation",
      {},
      asked.length > 1 && element("h3", {}, preflight ? "To the preflight" : "To the request"),
      by === "front" && element("p.quiet", {}, "The layer was not asked; this is what it would have said."),
      by !== "front" && request.front !== "nothing" && element("p.quiet", {}, "It speaks for the layer, and knows nothing of what stands before it."),
      element("pre.terminal.wrap", { tabindex: "0", role: "group", "aria-label": "The crate’s explanation" }, explanation.text),
    ),
  );
  if (!asked.length) texts.push(element("p.quiet", {}, "Nothing: there is no layer on this API, so nobody asked it."));
  find("explain").hidden = !exchanges.length;
  find("explanations").replaceChildren(...texts);
}

// What is shown belongs to a policy and a request that are no longer in the form.
function forget() {
  const verdict = find("verdict");
  verdict.className = "verdict waiting";
  delete verdict.dataset.tone;
  verdict.replaceChildren(
    element("h2", { id: "verdict-title", tabindex: "-1" }, element("span", {}, "Nothing sent yet")),
    element("p", {}, "Press “Send the request”: the API gets this policy, your browser sends the request, and here you read what it decided."),
  );
  for (const id of ["fixes", "explain"]) find(id).hidden = true;
  find("exchange").hidden = false;
  find("drawing").replaceChildren(emptySequence(readForm().request));
}

function showUnreachable(error) {
  const verdict = find("verdict");
  verdict.className = "verdict bad";
  verdict.dataset.tone = "bad";
  verdict.replaceChildren(
    element("h2", { id: "verdict-title", tabindex: "-1" }, icon("bad"), element("span", {}, "The playground does not answer")),
    element("p", {}, prose("Is `cargo run --example playground` still running? Then reload this page.")),
    element("pre.terminal", {}, String(error)),
  );
  for (const id of ["fixes", "exchange", "explain"]) find(id).hidden = true;
}

// ---- code

function showCode(kind, text) {
  code[kind] = text;
  find(`code-${kind}`).textContent = text;
}

function wireTabs() {
  const tabs = [...document.querySelectorAll('[role="tab"]')];
  const select = (chosen) => {
    for (const tab of tabs) {
      const on = tab === chosen;
      tab.setAttribute("aria-selected", String(on));
      tab.tabIndex = on ? 0 : -1;
      find(tab.getAttribute("aria-controls")).hidden = !on;
    }
  };
  for (const [index, tab] of tabs.entries()) {
    tab.addEventListener("click", () => select(tab));
    tab.addEventListener("keydown", ({ key }) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
      if (!step) return;
      const next = tabs[(index + step + tabs.length) % tabs.length];
      select(next);
      next.focus();
    });
  }
}

async function copy() {
  const kind = document.querySelector('[role="tab"][aria-selected="true"]').dataset.kind;
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

// ---- start

function showSenders() {
  const option = (origin, text = origin) => element("option", { value: origin }, text);
  form.elements.origin.append(...senders.map((origin) => option(origin)), option("null", "null, a sandboxed frame"));
  form.elements.origin.value = page;
}

showSenders();
showSituations();
wireTabs();
form.addEventListener("submit", (event) => {
  event.preventDefault();
  send();
});
form.addEventListener("input", (event) => {
  if (event.target.tagName === "TEXTAREA") grow(event.target);
  forget();
  review();
});
form.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    send();
  }
});
find("copy").addEventListener("click", copy);
addEventListener("hashchange", () => choose(fromHash()));

const fromHash = () => SITUATIONS.find(({ id }) => `#/${id}` === location.hash) ?? SITUATIONS[0];
choose(fromHash());
document.body.dataset.ready = "";
