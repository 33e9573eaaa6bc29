# Two commands matter: `make report` and `make test`. `make help` lists the rest.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
PYTHON ?= python3
STUDY ?= data/demo
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
READY_DEV := $(VENV)/.ready-dev
LOCKED := --quiet --universal --python-version 3.11 --generate-hashes --no-header
# Threads of numerical libraries do not pay on small tables, and results should not depend on their number.
export OMP_NUM_THREADS ?= 1
export PYTHONDONTWRITEBYTECODE ?=

.PHONY: help setup report test lab notebooks evidence studies map lock spark clean findings

help:  ## list the commands
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 20

setup: $(READY)  ## create .venv from the hash-locked requirements (once; seconds when nothing changed)

# Install the locked files of $(1), with a word on the way, and say why where it fails.
define install
total=$$(grep -c '==' $(1)); \
$(BIN)/python -m pip install --require-hashes --no-input --disable-pip-version-check -r $(1) 2>$(VENV)/pip.log \
| awk -v total="$$total" '/^Collecting/ { n++; if (n % 25 == 0) { printf "  %d of about %d packages found\n", n, total; fflush() } } /^Installing collected/ { print "  writing packages"; fflush() }' \
|| { tail -20 $(VENV)/pip.log; echo "Installing failed; the lines above say why. Once mended, run the same command again."; exit 1; }
endef

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(v < (3, 11) and f"Python 3.11 or newer is needed, this is {v[0]}.{v[1]}: make PYTHON=/path/to/python3.11 setup")'
	@$(PYTHON) -m venv $(VENV) || { echo "python3 -m venv failed. On Debian or Ubuntu: apt-get install python3-venv"; exit 1; }
	@echo "Installing locked packages into $(VENV) (one to three minutes, once)"
	@$(call install,requirements.lock)
	@$(BIN)/python -m pip install -q --no-deps --no-build-isolation --disable-pip-version-check -e . 2>>$(VENV)/pip.log
	@touch $@

# What `make test` needs besides: checkers, a browser driver, libraries that compute the same in another way.
$(READY_DEV): $(READY) requirements-dev.lock
	@echo "Installing what the checks need into $(VENV) (about a minute, once)"
	@$(call install,requirements-dev.lock)
	@touch $@

report: setup  ## run all notebooks on STUDY (default: the demo) and build the site
	@$(BIN)/nps report "$(STUDY)" $(if $(FORCE),--force)

test: $(READY_DEV)  ## run every check: ruff, mypy, pytest with doctests, nbval
	@$(BIN)/python tests/check.py

lab: setup  ## open JupyterLab on the checkout (notebooks/, data/ with its results/), at notebooks/README.md
	@mkdir -p $(VENV)/share/jupyter/lab/settings
	@echo '{"@jupyterlab/docmanager-extension:plugin": {"defaultViewers": {"markdown": "Markdown Preview"}}, "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": false}}' \
		> $(VENV)/share/jupyter/lab/settings/overrides.json
	@$(BIN)/jupyter lab --notebook-dir=. --LabApp.default_url=/lab/tree/notebooks/README.md

notebooks: setup  ## refresh the stored outputs of notebooks/ on the demo (the only way they change)
	@$(BIN)/python -m nps_utils.report
	@cp data/demo/results/figures/02-nps-waves.png data/demo/waves.png  # the picture of the README

evidence: setup  ## count and simulate anew what shows that the methods hold (after a change of one of them)
	@$(BIN)/python -m nps_utils.stats.validation

studies: setup  ## draw a thousand studies, follow each from export to verdict, keep what went wrong (a quarter of an hour)
	@$(BIN)/python benchmarks/thousand_studies.py 1000 --keep

map: setup  ## write the list of modules in ARCHITECTURE.md anew
	@$(BIN)/python tests/test_architecture.py

# The files of users are those of developers, fewer: one version of each package, whoever installs it.
lock: $(READY_DEV)  ## resolve pyproject.toml anew into the lock files, with hashes
	@$(BIN)/uv pip compile $(LOCKED) --upgrade --group dev pyproject.toml --output-file requirements-dev.lock
	@$(BIN)/uv pip compile $(LOCKED) --upgrade --group build --constraints requirements-dev.lock pyproject.toml \
		--output-file requirements.lock
	@$(BIN)/uv pip compile $(LOCKED) --no-annotate --upgrade \
		--extra spark --constraints requirements.lock pyproject.toml --output-file /dev/stdout \
		| awk '/^(pyspark|py4j)==/ { keep = 1 } /^[a-z]/ && !/^(pyspark|py4j)==/ { keep = 0 } keep' > requirements-spark.lock

findings:  ## run every surprise of findings/ against the real packages (needs an index for pip and npm; minutes)
	@findings/run_all.sh

spark: setup  ## add the Spark extra to .venv (needs Java 17)
	@$(BIN)/python -m pip install -q --require-hashes --no-deps --no-input --disable-pip-version-check -r requirements-spark.lock

clean:  ## delete what was made: processed/, results/ and report/ of the demo, caches
	@rm -rf data/demo/processed data/demo/results data/demo/report .pytest_cache .mypy_cache .ruff_cache .hypothesis
