# Two commands: `make run` starts the day, `make test` passes the tests.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed
TESTS_STAMP := .venv/.installed-tests
DATA ?=
DATA_OPTION := $(if $(DATA),--data "$(DATA)")

.PHONY: run demo test test-others torture bench bundle lint clean
.DEFAULT_GOAL := run

run: $(STAMP)
	$(BIN)/contrib serve $(DATA_OPTION)

demo: $(STAMP)
	$(BIN)/contrib demo $(DATA_OPTION)

test: $(TESTS_STAMP) tools/node_modules/.package-lock.json
	$(MAKE) --no-print-directory lint
	$(BIN)/python tools/machine.py
	$(BIN)/python -m pytest -n 3 --dist loadgroup

# the same checks on days, contributions and strings of another folder: make test-others DATA=folder
test-others: $(TESTS_STAMP) tools/node_modules/.package-lock.json
	$(BIN)/python tools/machine.py
	$(BIN)/python -m pytest -n 3 --dist loadgroup --data="$(DATA)" tests

# the long runs: servers and browsers killed in mid-sentence
torture: $(TESTS_STAMP)
	PYTHONPATH=tests:tools:. $(BIN)/python tests/torture_server.py
	PYTHONPATH=tests:tools:. $(BIN)/python tests/torture_server.py --postgres --processes 2
	CONTRIB_KILLS=20 $(BIN)/python -m pytest --timeout=900 tests/test_journal.py -k killed

# ratios against a reference timed in the same run; nothing is asserted
bench: $(TESTS_STAMP)
	PYTHONPATH=tests:tools:. $(BIN)/python tests/bench/compile.py
	PYTHONPATH=tests:tools:. $(BIN)/python tests/bench/feed.py
	PYTHONPATH=tests:tools:. $(BIN)/python tests/bench/save.py

# one file for a USB key: `python dist/contrib-VERSION.pyz`, no network, nothing to install
bundle: $(TESTS_STAMP)
	$(BIN)/python tools/bundle.py

lint: $(TESTS_STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

$(BIN)/python:
	$(PYTHON) -m venv .venv

$(STAMP): pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	touch $@

$(TESTS_STAMP): pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[tests]"
	touch $@ $(STAMP)

# Microsoft's validator and axe-core: what the documents and the pages are held against
tools/node_modules/.package-lock.json: tools/package.json
	cd tools && npm install --no-audit --no-fund --loglevel=error
	touch $@

clean:
	rm -rf .venv tools/node_modules dist build
