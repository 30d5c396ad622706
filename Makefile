# Wijkbudget: every target is one line of meaning; `make help` lists them.
.DEFAULT_GOAL := help
.PHONY: help run test check bench mutants faults lock assets catalog venv clean

PYTHON ?= python3
PORT ?= 8000
SECONDS ?= 45
EFFORT ?= 10
BIN := .venv/bin
# -n 2 with whole modules per worker: a module's fixtures are then made once
TESTS := $(BIN)/python -m pytest -q -n 2 --dist loadscope
COMPILE = build/lock/bin/uv pip compile setup.cfg --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-emit-index-url --no-emit-find-links

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-7s %s\n", $$1, $$2 }' Makefile

run: .venv/run.stamp ## start the site with the demonstration city on http://127.0.0.1:8000/ (PORT=… for another port)
	@$(BIN)/python tools/assets.py
	@$(BIN)/python -m tools.catalog compile
	$(BIN)/wijkbudget run --port $(PORT)

test: .venv/dev.stamp ## run every test, on SQLite and on PostgreSQL, with a browser
	@$(BIN)/python -m tools.programs
	@$(BIN)/python tools/assets.py
	@$(BIN)/python -m tools.catalog compile
	$(TESTS)

check: .venv/dev.stamp ## style, types, import contracts and the quick tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --cache-dir build/imports --no-logo
	@$(BIN)/python tools/assets.py
	@$(BIN)/python -m tools.catalog compile
	WIJKBUDGET_TEST_DATABASES=sqlite $(TESTS) -m 'not browser and not faults and not oracle'

bench: .venv/dev.stamp ## measure, and print the ratios side by side
	$(BIN)/python -m benchmarks

mutants: .venv/dev.stamp ## plant faults in the counting and the rules, one at a time, and say which ones the tests miss
	@$(BIN)/python -m tools.mutants

faults: .venv/dev.stamp ## prove the promises with more effort (EFFORT=10), and print what became of votes while processes are killed (SECONDS=45 each)
	@$(BIN)/python -m tools.programs
	@$(BIN)/python tools/assets.py
	@$(BIN)/python -m tools.catalog compile
	@status=0; \
	EFFORT=$(EFFORT) $(TESTS) -vv -m proof || status=1; \
	$(BIN)/python -m tests.faults $(SECONDS) || status=1; \
	exit $$status

assets: .venv/run.stamp ## build static/dist/ from css, js, images and npm packages
	@$(BIN)/python tools/assets.py

catalog: .venv/run.stamp ## take new Dutch sentences into the English catalog
	@$(BIN)/python -m tools.catalog update

# Pins that still hold are kept; remove requirements/*.txt first to take the newest releases.
lock: build/lock/bin/uv ## write requirements/*.txt anew from setup.cfg
	$(COMPILE) --extra install --output-file requirements/run.txt
	$(COMPILE) --extra install --extra dev --constraint requirements/run.txt --output-file requirements/dev.txt
	$(COMPILE) --extra install --extra assets --constraint requirements/run.txt --output-file requirements/assets.txt

venv: .venv/dev.stamp ## make .venv with everything that developing needs

clean: ## remove what the other targets made
	rm -rf .venv build static/dist node_modules wijkbudget.egg-info .hypothesis

.venv/run.stamp: requirements/run.txt setup.cfg pyproject.toml
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Wijkbudget needs Python 3.11 or newer: make PYTHON=…")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install -qq --require-hashes --requirement requirements/run.txt
	$(BIN)/python -m pip install -qq --no-deps --no-build-isolation --editable .
	@touch $@

.venv/dev.stamp: requirements/dev.txt .venv/run.stamp
	$(BIN)/python -m pip install -qq --require-hashes --requirement requirements/dev.txt
	@touch $@

build/lock/bin/uv:
	$(PYTHON) -m venv build/lock
	build/lock/bin/python -m pip install -qq uv
