#!/usr/bin/env bash
# survey-core 3.1.1 (SurveyJS) and openrosa-xpath-evaluator 2.0.13 (the XPath of ODK forms, on jsdom 29.1.1), Node 20: the
# group of a score as a calculated value, and visibleIf.
# Guess: before the question has an answer the group is empty.
# Seen: iif({nps} <= 6, 'detractor', iif({nps} <= 8, 'passive', 'promoter')) is 'promoter'; written the other way round,
# from >= 9 down, it is 'detractor'. A comparison with what is not there is false, so the last word wins, and whoever left
# the question out is stored in a group. Likewise visibleIf "{nps} <= 6" hides a question until there is a score and
# "!({nps} >= 9)", "all but promoters", shows it to everybody at once. ODK's if(/data/nps <= 6, ...) does the same.
# Where it bites: with includeIntoResult the group is in the export, beside a blank score.
# Way out: iif({nps} empty, '', ...) around it; "{nps} notempty and ..." in visibleIf; if(/data/nps = '', '', ...).
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
npm install --silent --no-audit --no-fund --prefix . survey-core@3.1.1 openrosa-xpath-evaluator@2.0.13 jsdom@29.1.1 >npm.log 2>&1 || { cat npm.log; exit 1; }
node - <<'JS'
const assert = require("node:assert");
const { Model } = require("survey-core");
const down = "iif({nps} >= 9, 'promoter', iif({nps} >= 7, 'passive', 'detractor'))";
const up = "iif({nps} <= 6, 'detractor', iif({nps} <= 8, 'passive', 'promoter'))";
const value = (name, expression) => ({ name, expression, includeIntoResult: true });
const survey = new Model({
  calculatedValues: [value("up", up), value("down", down), value("told", `iif({nps} empty, '', ${up})`)],
  elements: [
    { type: "rating", name: "nps", rateMin: 0, rateMax: 10 },
    { type: "comment", name: "six", visibleIf: "{nps} <= 6" },
    { type: "comment", name: "all_but", visibleIf: "!({nps} >= 9)" },
    { type: "comment", name: "other" },
  ],
});
const shown = () => ["six", "all_but"].map((name) => survey.getQuestionByName(name).isVisible);

survey.setValue("other", "Works well");
console.log("no score:", survey.data, "follow-ups shown:", shown());
assert.deepEqual([survey.data.up, survey.data.down, survey.data.told || ""], ["promoter", "detractor", ""]);
assert.deepEqual(shown(), [false, true]);
for (const [score, group] of [[0, "detractor"], [7, "passive"], [10, "promoter"]]) {
  survey.setValue("nps", score);
  console.log(score, survey.data);
  assert.deepEqual([survey.data.up, survey.data.down, survey.data.told], [group, group, group]);
}
process.exit(0);
JS
node - <<'JS'
const assert = require("node:assert");
const { JSDOM } = require("jsdom");
const { window } = new JSDOM("<data><nps/><given>3</given></data>", { contentType: "text/xml" });
for (const name of ["Node", "Element", "XPathResult", "Document", "XMLSerializer", "Attr", "Text", "XPathEvaluator"]) globalThis[name] = window[name];
globalThis.window = window;
const form = (globalThis.document = window.document);
const evaluator = require("openrosa-xpath-evaluator")();
const group = (rule, path) => evaluator.evaluate(rule.replaceAll("$", path), form, null, XPathResult.STRING_TYPE, null).stringValue;
const up = "if($ <= 6, 'detractor', if($ <= 8, 'passive', 'promoter'))";
const down = "if($ >= 9, 'promoter', if($ >= 7, 'passive', 'detractor'))";
const seen = [up, down, `if($ = '', '', ${up})`].map((rule) => group(rule, "/data/nps"));
console.log("ODK, no score:", seen);
assert.deepEqual(seen, ["promoter", "detractor", ""]);
assert.deepEqual([up, down].map((rule) => group(rule, "/data/given")), ["detractor", "detractor"]);
JS
