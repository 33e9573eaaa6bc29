#!/usr/bin/env bash
# plotly.js-basic-dist 4.1.1 (drawn on jsdom 29.1.1, Node 20): bars over waves named "2026-1" to "2026-4", the quarters.
# Guess: the names are words, one place each, as "2026-Q1" is.
# Seen: they are January to April 2026 on an axis of dates, whose labels are months; "26-1" is January 2026 too. "2026-13" is a
# word again, so that weeks become months up to the twelfth. Of the answers "10+" and "9" as text the first has no
# bar at all: the axis is numbers, and "10+" is none.
# Where it bites: the fall of the fourth quarter is read as one of April.
# Way out: xaxis: { type: "category" }.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
npm install --silent --no-audit --no-fund --prefix . plotly.js-basic-dist@4.1.1 jsdom@29.1.1 >npm.log 2>&1 || { cat npm.log; exit 1; }
node - <<'JS'
const assert = require("node:assert");
const { JSDOM } = require("jsdom");
const { window } = new JSDOM("", { pretendToBeVisual: true });
Object.assign(globalThis, { window, document: window.document, self: window, DOMParser: window.DOMParser });
Object.assign(globalThis, { HTMLElement: window.HTMLElement, Element: window.Element, MutationObserver: window.MutationObserver });
globalThis.getComputedStyle = window.getComputedStyle;
globalThis.requestAnimationFrame = (run) => setTimeout(run, 0);
window.URL.createObjectURL = () => "";
window.HTMLCanvasElement.prototype.getContext = () => null;
window.SVGElement.prototype.getBBox = () => ({ x: 0, y: 0, width: 10, height: 10 });
const Plotly = require("plotly.js-basic-dist");

async function drawn(names, xaxis = {}) {
  const place = document.createElement("div");
  document.body.appendChild(place);
  await Plotly.newPlot(place, [{ type: "bar", x: names, y: names.map((_, at) => 40 - at) }], { xaxis });
  const { type } = place._fullLayout.xaxis;
  const places = place.calcdata[0].map((bar) => (type === "date" ? new Date(bar.p).toISOString().slice(0, 10) : bar.p));
  return [type, ...places];
}

(async () => {
  const quarters = ["2026-1", "2026-2", "2026-3", "2026-4"];
  const seen = await drawn(quarters);
  console.log("quarters:", seen.join(", "));
  assert.deepEqual(seen, ["date", "2026-01-01", "2026-02-01", "2026-03-01", "2026-04-01"]);
  assert.deepEqual(await drawn(["26-1", "26-2"]), ["date", "2026-01-01", "2026-02-01"]);
  assert.deepEqual(await drawn(["2026-13", "2026-14"]), ["category", 0, 1]);
  assert.deepEqual(await drawn(["2026-Q1", "2026-Q2"]), ["category", 0, 1]);
  assert.deepEqual(await drawn(quarters, { type: "category" }), ["category", 0, 1, 2, 3]);
  const scores = await drawn(["10+", "9"]);
  console.log("scores:", scores.join(", "));
  assert.deepEqual(scores, ["linear", undefined, 9]);
  process.exit(0);
})();
JS
