#!/usr/bin/env bash
# zod 4.6.7 and ajv 8.20.0 on Node 20: a score that comes from a form as text, so that it is to be made a number.
# Guess: z.coerce.number().int().min(0).max(10), and ajv's coerceTypes, have an answer of "" or null for no answer, or refuse
# it; so do Joi 18.3.2 and zod for undefined.
# Seen: zod makes "", " " and null a 0, also with .optional(), and "" with .nullable(); ajv refuses "", but " " and null are 0.
# Nought is the worst answer there is, and no limit of 0 to 10 finds it. On a scale from 1 the same blanks are refused.
# Where it bites: forms send "" for a question that was left out; each is a detractor.
# Way out: z.preprocess that makes blanks undefined; in ajv type ["integer", "null"], which keeps null.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
npm install --silent --no-audit --no-fund --prefix . zod@4.6.7 ajv@8.20.0 joi@18.3.2 >npm.log 2>&1 || { cat npm.log; exit 1; }
node - <<'JS'
const assert = require("node:assert");
const { z } = require("zod");
const Ajv = require("ajv");
const Joi = require("joi");
const score = z.coerce.number().int().min(0).max(10);
const schema = (type) => ({ type: "object", properties: { score: { type, minimum: 0, maximum: 10 } } });
const ajv = new Ajv({ coerceTypes: true, allowUnionTypes: true });
const [plain, told] = ["integer", ["integer", "null"]].map((type) => ajv.compile(schema(type)));
const joi = Joi.number().integer().min(0).max(10);
const byZod = (value, rule = score) => (rule.safeParse(value).success ? rule.parse(value) : "refused");
function byAjv(value, check = plain) {
  const answer = { score: value };
  return check(answer) ? answer.score : "refused";
}
for (const [value, zod, ajvs] of [["", 0, "refused"], [" ", 0, 0], [null, 0, 0], ["10", 10, 10]]) {
  const others = joi.validate(value);
  console.log(JSON.stringify(value), "zod", byZod(value), "ajv", byAjv(value), "Joi", others.error ? "refused" : others.value);
  assert.deepEqual([byZod(value), byAjv(value)], [zod, ajvs]);
  assert.equal(Boolean(others.error), value !== "10");
}
assert.equal(byZod(undefined), "refused");
assert.deepEqual([byZod("", score.optional()), byZod(null, score.optional()), byZod("", score.nullable())], [0, 0, 0]);
assert.equal(byZod("", z.coerce.number().int().min(1).max(10)), "refused");
const blank = (value) => (value === null || String(value).trim() === "" ? undefined : value);
assert.deepEqual([byZod("", z.preprocess(blank, score.optional())), byAjv(null, told)], [undefined, null]);
JS
