# Firmwatt. Every target sets up what it needs: a clone and Python 3.11 or newer are enough.

PORT = 8050
HOST = 127.0.0.1
PYTHON =
# Processes that tests run in, a file of tests to each at a time.
WORKERS = auto

VENV = .venv
RUNTIME = $(VENV)/.installed
TESTING = $(VENV)/.installed-for-tests
BIN = $(VENV)/bin

.PHONY: help run test test-all lint bench bench-growth gallery browser clean

help:
	@echo "make run       serve Firmwatt on http://$(HOST):$(PORT) (PORT=8051 for another port)"
	@echo "make test      lint and tests; installs Chromium and its driver when they are missing"
	@echo "make test-all  the same, with every shipped scenario solved (minutes)"
	@echo "make lint      formatting, lint and types"
	@echo "make bench     the speed tables; make bench-growth how cost grows"
	@echo "make gallery   photograph every page into docs/gallery (solves light examples first; minutes)"
	@echo "make clean     remove the virtual environment and caches"

run: $(RUNTIME)
	@$(BIN)/firmwatt serve --host $(HOST) --port $(PORT)

test: $(TESTING) browser lint
	@sh .ci/tools/with-own-home.sh $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile

test-all: $(TESTING) browser lint
	@sh .ci/tools/with-own-home.sh $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile -m "heavy or not heavy"

lint: $(TESTING)
	@$(BIN)/ruff format --check --quiet . || { echo "Formatting differs; run: $(BIN)/ruff format ." >&2; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy --no-error-summary

bench: $(TESTING)
	@sh .ci/tools/with-own-home.sh $(BIN)/python -m benchmarks

bench-growth: $(TESTING)
	@sh .ci/tools/with-own-home.sh $(BIN)/python -m benchmarks growth

gallery: $(TESTING) browser
	@$(BIN)/python -m tests.dashboard.screenshots --docs --home build/gallery-home

browser:
	@sh .ci/tools/setup-browser.sh

$(RUNTIME): pyproject.toml .ci/tools/setup-venv.sh
	@sh .ci/tools/setup-venv.sh $(VENV) . "$(PYTHON)"
	@touch $@

$(TESTING): $(RUNTIME)
	@sh .ci/tools/setup-venv.sh $(VENV) ".[test]" "$(PYTHON)"
	@touch $@

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
