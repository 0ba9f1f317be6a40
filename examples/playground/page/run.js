// One run: the policy goes to the API, the browser sends the request, the API tells what it saw.

import { apply, exchanges, sendFrom } from "./control.js";
import { fetchInit } from "./form.js";

// Runs go one after the other: they share the tab's policy.
let last = Promise.resolve();

export function runOf(state) {
  const run = last.then(() => once(state));
  last = run.catch(() => {});
  return run;
}

async function once({ policy, request }) {
  const { report, run, url } = await apply(policy, request);
  if (report.error) return { report, request, outcome: {}, exchanges: [], browser: null };
  const outcome = await sendFrom(request.origin, url, fetchInit(request));
  return { report, request, outcome, ...(await exchanges(run)) };
}
