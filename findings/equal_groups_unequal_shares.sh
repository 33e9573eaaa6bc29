#!/usr/bin/env bash
# echarts 6.1.0 on Node 20: the per cents of a pie (or doughnut) of promoters, passives and detractors.
# Guess: two groups of the same size have the same per cent, the usual rounding of their share.
# Seen: per cents are handed out like seats, so that they sum to 100, and the first group in the data gets the seat that is
# over. With percentPrecision: 0, promoters and detractors of 25 each beside 150 passives are 13 % and 12 %: an NPS of +1
# where it is 0, or of -1 with the detractors first. Of six equal groups four are 17 % and two 16 %. With the usual two
# decimals the last of them: a third is 33.34 and 33.33.
# Way out: a label formatter that rounds value / total itself.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
npm install --silent --no-audit --no-fund --prefix . echarts@6.1.0 >npm.log 2>&1 || { cat npm.log; exit 1; }
node - <<'JS'
const assert = require("node:assert");
const echarts = require("echarts");

function percents(counts, percentPrecision) {
  const seen = [];
  const chart = echarts.init(null, null, { renderer: "svg", ssr: true, width: 600, height: 400 });
  const data = Object.entries(counts).map(([name, value]) => ({ name, value }));
  const formatter = ({ dataIndex, percent }) => ((seen[dataIndex] = percent), percent + "%");
  chart.setOption({ animation: false, series: [{ type: "pie", percentPrecision, data, label: { formatter } }] });
  chart.renderToSVGString();
  chart.dispose();
  return seen;
}

const first = percents({ promoters: 25, detractors: 25, passives: 150 }, 0);
const turned = percents({ detractors: 25, promoters: 25, passives: 150 }, 0);
console.log("promoters, detractors, passives:", first, "; detractors, promoters, passives:", turned);
assert.deepEqual([first, turned], [[13, 12, 75], [13, 12, 75]]);
const six = percents({ a: 3, b: 3, c: 3, d: 3, e: 3, f: 3 }, 0);
const thirds = percents({ a: 1, b: 1, c: 1 }, 2);
console.log("six equal groups:", six, "; thirds:", thirds);
assert.deepEqual(six, [17, 17, 17, 17, 16, 16]);
assert.deepEqual(thirds, [33.34, 33.33, 33.33]);
JS
