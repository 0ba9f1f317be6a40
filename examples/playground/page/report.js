// What the crate says about the policy, under the policy.

import { element, icon } from "./element.js";

export function showReport(report, form, place) {
  const finding = (kind, tone) => ({ text }) =>
    element(`li.finding.${tone}`, {}, element("span.kind", {}, icon(tone), kind), element("code.says", {}, text));
  const findings = [
    ...report.errors.map(finding("error", "bad")),
    ...report.warnings.map(finding("warning", "warn")),
    ...report.notes.map(finding("note", "plain")),
  ];
  place.replaceChildren(
    findings.length
      ? element("ul.findings-list", {}, findings)
      : element("p.quiet.clean", {}, icon("good"), "Valid: no errors, no warnings."),
  );
  const blamed = new Set(report.errors.map(({ setting }) => setting));
  for (const field of form.elements) {
    if (!field.name) continue;
    field.toggleAttribute("data-faulty", blamed.has(field.name));
    if (blamed.has(field.name)) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  }
}
