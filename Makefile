# `make demo` and `make test` set up whatever they need: Python 3.9 or later with venv is enough.

PYTHON ?= python3
BIN = .venv/bin
# A million times the same lines, which need not be measured so often.
HISTORIES = tests/unit/test_every_history.py

.PHONY: demo test unit hosts live lint check format bench picture reference soak mutants pythons windows clean

demo: .demo/ready
	@.demo/bin/python -m tests.demo

test: unit hosts

# Seconds: no network, no sleeping.
unit: .venv/ready
	$(if $(COVERAGE),$(BIN)/coverage erase)
	$(if $(COVERAGE),$(BIN)/coverage run -m pytest tests/unit --ignore $(HISTORIES))
	$(BIN)/pytest -q -n auto --dist worksteal $(if $(COVERAGE),$(HISTORIES),tests/unit) tests/simulator

# The real AWS CLIs against the simulator, each test in one of its hosts.
hosts: .venv/ready
	$(if $(COVERAGE),COVERAGE_PROCESS_START=setup.cfg) \
	    $(BIN)/pytest -n 4 --dist worksteal -m "not slow" tests/hosts

# Real AWS against the simulator. It asks first; ARGS="--help" shows the options.
live: .venv/ready
	@$(BIN)/python -m tests.live $(ARGS)

lint: .venv/ready
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/mypy --platform darwin awscli_rekcl
	$(BIN)/mypy --platform win32 awscli_rekcl
	$(BIN)/lint-imports --config setup.cfg --no-cache

# Everything: with coverage, each test in all of its hosts, and what is slow.
check: COVERAGE = measured
check: lint test
	$(BIN)/pytest -n 4 --dist worksteal -m slow tests/hosts tests/live
	$(BIN)/coverage combine -q
	$(BIN)/coverage report
	rm -rf dist
	SOURCE_DATE_EPOCH=$$(git log -1 --format=%ct 2>/dev/null || echo 315532800) $(BIN)/python -m build -q
	$(BIN)/twine check --strict dist/*

format: .venv/ready
	$(BIN)/ruff check --fix --exit-zero --quiet
	$(BIN)/ruff format

bench: .venv/ready
	@$(BIN)/python -m tests.benchmarks $(ARGS)

# The session that the README shows, in build/session.svg.
picture: .venv/ready
	$(BIN)/python -m tests.picture

# The table of options in docs/reference.md, from the help of the options.
reference: .venv/ready
	$(BIN)/python -m tests.reference

# Hours of trouble in minutes: ten thousand histories drawn, and all of those that are short.
soak: .venv/ready
	SOAK=1 $(BIN)/pytest -n 2 tests/unit/test_histories.py \
	    tests/unit/test_every_history.py tests/unit/test_fuzz.py

# Faults that a tool puts into the parts that decide, and whether the unit tests notice each.
mutants: .venv/ready
	$(BIN)/mutmut run
	$(BIN)/python -m tests.mutants

# The unit tests on every Python that is claimed and found; PYTHONS=ends for the oldest and the newest.
pythons: .venv/ready
	@$(BIN)/python -m tests.pythons $(PYTHONS)

# A Windows Python under wine (`apt-get install wine wine64`): the unit tests, and deletions with
# version 1.
windows: .venv/ready
	@$(BIN)/python -m tests.windows
	$(BIN)/pytest -q tests/windows

clean:
	rm -rf .demo .venv .hosts .coverage* build dist mutants *.egg-info *.whl

# Only what the demo needs, which is installed sooner than what the tests need.
.demo/ready: Makefile
	@echo 'Setting up an AWS CLI, only for this and only once (about 10 s).'
	@$(PYTHON) -m venv .demo
	@.demo/bin/python -m pip install -qq --no-compile --disable-pip-version-check awscli
	@touch $@

.venv/ready: setup.cfg
	$(PYTHON) -m venv .venv
	$(BIN)/pip install -q -e '.[dev]'
	@touch $@
