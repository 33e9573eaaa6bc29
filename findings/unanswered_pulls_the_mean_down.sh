#!/usr/bin/env bash
# survey-analytics 2.5.25 with survey-core 2.5.25 (SurveyJS) on Node 20: the number beside a rating question.
# Guess: answers that are null, as databases and JSON exports write what was not answered, are left out of the mean as
# they are of the NPS; and the mean is rounded to two decimals.
# Seen: null is a 0 for the mean and no answer for the NPS of the same page: 10 and null give a mean of 5 and one
# promoter of one. A key that is not there is left out by both. And the mean is rounded up, always: of 10, 9, 0, which is
# 6.333, it shows 6.34, of four hundred tens but one nine 10 (true 9.9975).
# Way out: delete the keys that are null before the data is handed over.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
npm install --silent --no-audit --no-fund --prefix . survey-analytics@2.5.25 survey-core@2.5.25 jsdom@29.1.1 >npm.log 2>&1 || { cat npm.log; exit 1; }
TZ=UTC node - <<'JS'
const assert = require("node:assert");
const { JSDOM } = require("jsdom");
const { window } = new JSDOM("");
for (const name of ["document", "DOMParser", "HTMLElement", "Element", "Node", "MutationObserver", "Event"]) {
  Object.defineProperty(globalThis, name, { value: name === "document" ? window.document : window[name], configurable: true });
}
globalThis.window = globalThis.self = window;
globalThis.getComputedStyle = window.getComputedStyle;
const { Model } = require("survey-core");
const { NpsVisualizer, NumberModel } = require("survey-analytics/survey.analytics.core");
const question = new Model({ elements: [{ type: "rating", name: "nps", rateMin: 0, rateMax: 10 }] }).getQuestionByName("nps");

async function both(rows) {
  const [mean] = await new NumberModel(question, rows, {}).getCalculatedValues();
  const { promoters, total } = await new NpsVisualizer(question, rows, {}).getCalculatedValues();
  return [mean, promoters, total];
}

(async () => {
  const answers = (...scores) => scores.map((nps) => ({ nps }));
  for (const [what, rows, seen] of [
    ["10 and null", answers(10, null), [5, 1, 1]],
    ["10 and no key", [{ nps: 10 }, {}], [10, 1, 1]],
    ["10, 9, 0", answers(10, 9, 0), [6.34, 2, 3]],
    ["399 tens and a nine", answers(...Array(399).fill(10), 9), [10, 400, 400]],
  ]) {
    const [mean, promoters, total] = await both(rows);
    console.log(`${what}: mean ${mean}, promoters ${promoters} of ${total}`);
    assert.deepEqual([mean, promoters, total], seen);
  }
  process.exit(0);
})();
JS
