#!/usr/bin/env bash
# Chart.js 4.6.1 (drawn on @napi-rs/canvas 1.1.1, Node 20): a bar chart with the labels "0" to "10".
# Guess: { x: 9, y: 4 } stands above the label "9".
# Seen: it stands above "0", and { x: 10, y: 7 } above "1": a number that is no label is put where its place in the data is,
# and 9 is not "9". Where every score was given, and in order, all is right; leave one out and all that follow move down.
# With the keys of an object (which are text) for labels and the scores of a database (which are numbers) that is the
# usual case. Numbers for labels, or text for x, are right.
# Where it bites: a team nobody gave less than a 7 is drawn with scores of 0 to 3.
# Way out: x: String(score).
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
npm install --silent --no-audit --no-fund --prefix . chart.js@4.6.1 @napi-rs/canvas@1.1.1 >npm.log 2>&1 || { cat npm.log; exit 1; }
node - <<'JS'
const assert = require("node:assert");
const { createCanvas } = require("@napi-rs/canvas");
const { Chart, registerables } = require("chart.js");
Chart.register(...registerables);
const given = { 7: 2, 9: 4, 10: 7 };

function places(labels, data) {
  const options = { animation: false, responsive: false };
  const chart = new Chart(createCanvas(600, 300).getContext("2d"), { type: "bar", data: { labels, datasets: [{ data }] }, options });
  return chart.getDatasetMeta(0).data.map((bar) => String(chart.scales.x.getLabelForValue(chart.scales.x.getValueForPixel(bar.x))));
}

const words = () => Array.from({ length: 11 }, (_, score) => String(score));
const rows = (as) => Object.entries(given).map(([score, y]) => ({ x: as(score), y }));
const mixed = places(words(), rows(Number));
console.log("scores 7, 9, 10 stand above", mixed.join(", "));
assert.deepEqual(mixed, ["0", "1", "2"]);
assert.deepEqual(places(words(), rows(String)), ["7", "9", "10"]);
assert.deepEqual(places(words().map(Number), rows(Number)), ["7", "9", "10"]);
JS
