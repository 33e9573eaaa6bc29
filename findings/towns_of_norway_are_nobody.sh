#!/usr/bin/env bash
# tldextract 5.4.0, tldts 7.5.4, psl 1.15.0 (Node 20): the account of an answer by the domain of its mail address.
# Guess: oslo.no is the domain of Oslo, as stockholm.se, aarhus.dk and tampere.fi are of theirs.
# Seen: the domain of an address at oslo.no, bergen.no, trondheim.no or stavanger.no is blank (null in tldts): the names
# of Norwegian towns are public suffixes, as "co.uk" is. mail.oslo.no is a domain of its own, so that one
# organisation is none, or as many as it has mail hosts; oslo.kommune.no is fine, and so are the towns
# of Sweden, Denmark, Finland and the Netherlands that were tried.
# Where it bites: answers of all these towns, and those without an address, are one account called "".
# Way out: where the domain is blank take the suffix itself.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
"${PYTHON:-python3}" -m venv --without-pip env
"${PYTHON:-python3}" -m pip --python env/bin/python install -qq --no-compile --disable-pip-version-check tldextract==5.4.0
npm install --silent --no-audit --no-fund --prefix . tldts@7.5.4 psl@1.15.0 >npm.log 2>&1 || { cat npm.log; exit 1; }
env/bin/python - <<'PY'
import tldextract

split = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)


def domain(address):
    return split(address).top_domain_under_public_suffix


found = {town: domain(f"post@{town}") for town in "oslo.no bergen.no trondheim.no stavanger.no".split()}
others = [town for town in "oslo.kommune.no stockholm.se aarhus.dk tampere.fi amsterdam.nl".split() if domain(f"post@{town}") == town]
print("tldextract:", found, "mail.oslo.no:", domain("post@mail.oslo.no"), "right:", others)
assert set(found.values()) == {""} and domain("post@mail.oslo.no") == "mail.oslo.no" and len(others) == 5
PY
node - <<'JS'
const assert = require("node:assert");
const { getDomain } = require("tldts");
const psl = require("psl");
for (const town of ["oslo.no", "bergen.no", "trondheim.no", "stavanger.no"]) {
  console.log(town, "tldts:", getDomain(`post@${town}`), "psl:", psl.get(town));
  assert.equal(getDomain(`post@${town}`), null);
  assert.equal(psl.get(town), null);
}
assert.equal(getDomain("post@oslo.kommune.no"), "oslo.kommune.no");
assert.equal(getDomain("post@aarhus.dk"), "aarhus.dk");
JS
