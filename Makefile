# Two commands: `make run` starts the day, `make test` passes the tests.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed
TESTS_STAMP := .venv/.installed-tests
DATA ?=
DATA_OPTION := $(if $(DATA),--data "$(DATA)")

.PHONY: run demo test test-lowest test-others torture bench bundle lint lock audit clean
.DEFAULT_GOAL := run

run: $(STAMP)
	$(BIN)/python -m contrib serve $(DATA_OPTION)

demo: $(STAMP)
	$(BIN)/python -m contrib demo $(DATA_OPTION)

test: $(TESTS_STAMP) tools/node_modules/.package-lock.json
	$(MAKE) --no-print-directory lint audit
	$(BIN)/python tools/machine.py
	$(BIN)/python -m pytest -n 4 --dist loadfile --no-loadscope-reorder

# the same checks on days, contributions and strings of another folder: make test-others DATA=folder
test-others: $(TESTS_STAMP) tools/node_modules/.package-lock.json
	$(BIN)/python tools/machine.py
	$(BIN)/python -m pytest -n 4 --dist loadfile --no-loadscope-reorder --data="$(DATA)" tests

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
	PYTHONPATH=tests:tools:. $(BIN)/python tests/bench/resemblance.py
	PYTHONPATH=tests:tools:. $(BIN)/python tests/bench/page.py

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

# what is installed is what was tested: versions and hashes of requirements/
INSTALL := -m pip install --quiet --disable-pip-version-check
$(STAMP): pyproject.toml requirements/run.txt | $(BIN)/python
	$(BIN)/python $(INSTALL) --require-hashes --requirement requirements/run.txt
	$(BIN)/python $(INSTALL) --no-deps --editable .
	touch $@

$(TESTS_STAMP): pyproject.toml requirements/tests.txt | $(BIN)/python
	$(BIN)/python $(INSTALL) --require-hashes --requirement requirements/tests.txt
	$(BIN)/python $(INSTALL) --no-deps --editable .
	touch $@ $(STAMP)

# newer versions: writes requirements/ anew, to be tested and committed
LOCK := -m uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header \
	--no-emit-index-url --upgrade pyproject.toml
lock: $(TESTS_STAMP)
	$(BIN)/python $(LOCK) --output-file requirements/run.txt
	$(BIN)/python $(LOCK) --extra tests --extra hosting --output-file requirements/tests.txt

# the oldest versions that pyproject.toml admits, on the tests that need no browser
LOWEST := build/lowest
test-lowest: $(TESTS_STAMP)
	$(BIN)/python -m venv $(LOWEST)
	$(BIN)/python -m uv pip compile --quiet --resolution lowest-direct --python-version 3.11 --extra tests \
		--no-header --output-file build/lowest.txt pyproject.toml
	$(LOWEST)/bin/python $(INSTALL) --requirement build/lowest.txt
	$(LOWEST)/bin/python $(INSTALL) --no-deps --editable .
	$(LOWEST)/bin/python -m pytest -n 3 --without-browser --ignore tests/test_bundle.py

audit: $(TESTS_STAMP)
	$(BIN)/python tools/audit.py

# Microsoft's validator, axe-core and html-validate: what the documents and the pages are held against
tools/node_modules/.package-lock.json: tools/package.json
	cd tools && npm install --no-audit --no-fund --loglevel=error
	touch $@

clean:
	rm -rf .venv tools/node_modules dist build
