# Two commands: `make up` runs Heartbeat, `make test` proves it. Both set up what they need; all they need first is Python 3.11 to 3.13 with venv, and make.

SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do command -v $$p >/dev/null 2>&1 && $$p -c 'import sys, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' >/dev/null 2>&1 && echo $$p && break; done)
INSTALL := $(BIN)/uv pip install --quiet --python $(BIN)/python --compile-bytecode

export UV_PYTHON_DOWNLOADS := never
# Without compiled bytecode every start of Prefect takes a second longer.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: up upgrade rollback ends audit bill test test-all setup setup-cluster setup-test lock sample bench year accuracy screenshots picture clean

up: setup
	@exec $(BIN)/heartbeat up --end-with-parent $$PPID $(ARGS)

# To the newest version, and back to the one before with its data: what a newer one has opened, an older one cannot read.
HEARTBEAT := $(BIN)/heartbeat
BACKUP := heartbeat-backup
DATA := .heartbeat
upgrade:
	@$(HEARTBEAT) backup $(BACKUP)
	@git tag --force before-upgrade >/dev/null
	@git pull --quiet --ff-only
	@$(MAKE) --no-print-directory setup

rollback:
	@test ! -e $(DATA)-former || { echo "$(DATA)-former is there from a former rollback: move it away first"; exit 1; }
	@git reset --quiet --keep before-upgrade
	@$(MAKE) --no-print-directory setup
	@mv $(DATA) $(DATA)-former && mkdir -m 700 $(DATA) && chown $$(ls -dn $(DATA)-former | awk '{print $$3 ":" $$4}') $(DATA)
	@$(HEARTBEAT) restore $(BACKUP)

# `heartbeat ends` with the home's data as one file, heartbeat-ends.pyz, for Python 3.11 to 3.13 alone.
ends: setup
	@$(BIN)/python -m warehouse.notices $(ARGS)

# Types are checked beside the first tests; errors in them are printed last.
TESTS := not slow
test: setup-test
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .
	@mkdir -p .cache; $(BIN)/mypy > .cache/types 2>&1 & types=$$!; \
		$(BIN)/python -m pytest -n auto --maxprocesses 5 --dist loadfile -m "$(TESTS)" $(ARGS); code=$$?; \
		wait $$types || { cat .cache/types; code=1; }; exit $$code

# Also what takes long: documents as written, deployments, random sequences, fuzzing, coverage studies.
test-all: TESTS := slow or not slow
test-all: test

setup: $(VENV)/.runtime

# Dask, for `heartbeat build --on` and its workers.
setup-cluster: $(VENV)/.cluster

setup-test: $(VENV)/.test
	@sh .ci/tools
	@$(BIN)/python -c 'from tests.upstream.schema import SCHEMA, fetched; fetched(*SCHEMA)' 2>/dev/null \
		|| echo "GitHub's schema cannot be fetched: the tests that need it are skipped by name"

$(VENV)/.uv: requirements-uv.lock
	@test -n "$(PYTHON)" || { echo "Heartbeat needs Python 3.11 to 3.13 with venv (on Debian: apt-get install python3 python3-venv)"; exit 1; }
	@echo "setting up $(VENV) with $(PYTHON) …"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.lock
	@touch $@

$(VENV)/.runtime: $(VENV)/.uv requirements.lock pyproject.toml
	@$(INSTALL) --require-hashes -r requirements.lock
	@$(INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.cluster: $(VENV)/.runtime requirements-cluster.lock
	@$(INSTALL) --require-hashes -r requirements-cluster.lock
	@touch $@

$(VENV)/.test: $(VENV)/.runtime requirements-test.lock
	@$(INSTALL) --require-hashes -r requirements-test.lock
	@touch $@

lock: $(VENV)/.uv
	@$(BIN)/uv pip compile -q --universal --generate-hashes --group build pyproject.toml -o requirements.lock
	@$(BIN)/uv pip compile -q --universal --generate-hashes --group cluster pyproject.toml -c requirements.lock -o requirements-cluster.lock
	@$(BIN)/uv pip compile -q --universal --generate-hashes --group build --group cluster --group test pyproject.toml -o requirements-test.lock
	@echo duckdb-cli~=1.4.0 | $(BIN)/uv pip compile -q --universal --generate-hashes --python-version 3.11 - -o tests/tools/duckdb-cli.lock
	@! grep -l '://' requirements*.lock tests/tools/*.lock

# A bill of the locked packages as CycloneDX, and the advisories that concern them.
bill: setup-test
	@mkdir -p .cache; $(BIN)/cyclonedx-py requirements requirements.lock --pyproject pyproject.toml --output-reproducible -o .cache/heartbeat.cdx.json $(ARGS)

audit: setup-test
	@$(BIN)/pip-audit --strict --disable-pip --require-hashes -r requirements.lock $(ARGS)

sample: setup-test
	@$(BIN)/python -m tests.upstream.sample $(ARGS)

bench: setup-test
	@OPENBLAS_NUM_THREADS=1 $(BIN)/python -m tests.tools.bench $(ARGS)

# A year of a small home, day by day: its sizes, memory, CPU and messages.
year: setup-test
	@$(BIN)/python -u -m tests.tools.year $(ARGS)

accuracy: setup-test
	@$(BIN)/python -m tests.tools.accuracy

screenshots: setup-test
	@$(BIN)/python -m tests.tools.screenshots $(ARGS)

picture: setup-test
	@$(BIN)/python -m tests.tools.readme_picture

clean:
	@rm -rf $(VENV) .cache .mypy_cache .pytest_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -prune -exec rm -rf {} +
