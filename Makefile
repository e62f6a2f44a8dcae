# The project's verbs; `make` alone lists them. Each one installs first what it needs.

PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/.project-installed
# The machine's certificates, as pip trusts them: a company's own authority is not in uv's list.
UV := $(BIN)/uv pip --quiet --system-certs
UV_INSTALL = $(UV) install --python $(BIN)/python
UV_COMPILE = $(UV) compile --universal --generate-hashes --no-emit-index-url --no-header $(if $(UPGRADE),--upgrade)

.DEFAULT_GOAL := help
.PHONY: help setup up down status test check soak fix bench lock

help: ## list these verbs
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-7s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(INSTALLED) ## make .venv and install what the project needs; PYTHON=... chooses another python3

up: $(INSTALLED) ## start both systems, exporters, Prometheus and Alertmanager; TRADES=file STARTING_EQUITY=x shows your own
	@$(BIN)/tradewatch up $${SYSTEMS:+--systems "$$SYSTEMS"} $${DAYS:+--days "$$DAYS"} \
	  $${TRADES:+--trades "$$TRADES"} $${STARTING_EQUITY:+--starting-equity "$$STARTING_EQUITY"} \
	  $${EXPORTER_PORT:+--exporter-port "$$EXPORTER_PORT"} $${PROMETHEUS_PORT:+--prometheus-port "$$PROMETHEUS_PORT"}

down: $(INSTALLED) ## stop everything that `make up` started
	@$(BIN)/tradewatch down

status: $(INSTALLED) ## show what `make up` started and where it answers
	@$(BIN)/tradewatch status

test: check ## install what is missing, then run every check and test

check: $(INSTALLED) ## what continuous integration runs: format, lint, types, layers, generated files, tests
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/tradewatch gen --check
	$(BIN)/python -m pytest -n auto

soak: $(INSTALLED) ## trade 200 markets in which nothing can be won, about half an hour; HONESTY_SEEDS=40 for fewer
	HONESTY_SEEDS=$${HONESTY_SEEDS:-200} $(BIN)/python -m pytest -s -n 0 tests/unit/systems/*/test_honesty.py

fix: $(INSTALLED) ## format the code, mend what the linter can mend, write what is generated
	$(BIN)/ruff format
	$(BIN)/ruff check --fix
	$(BIN)/tradewatch gen
	$(BIN)/python -m tests.documentation.definitions
	$(BIN)/python -m tests.documentation.metrics
	$(BIN)/python -m tests.documentation.physics
	$(BIN)/python -m tests.documentation.learning

bench: $(INSTALLED) ## run the benchmarks, some minutes; TRADES=50000 for a quick try
	@$(BIN)/python -m benchmarks

lock: $(INSTALLED) ## pin the dependencies again; UPGRADE=1 takes the newest ones
	printf 'uv\n' | $(UV_COMPILE) --output-file requirements/uv.txt -
	$(UV_COMPILE) --output-file requirements/dev.txt --group dev pyproject.toml
	$(UV_COMPILE) --output-file requirements/run.txt --constraints requirements/dev.txt pyproject.toml

# pip's package index is handed on, because uv does not read pip's configuration.
.venv/.requirements-installed: requirements/uv.txt requirements/dev.txt
	@command -v $(PYTHON) > /dev/null || { echo "Tradewatch needs Python 3.11 or newer, but there is no $(PYTHON): install one, or name one with PYTHON=..."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Tradewatch needs Python 3.11 or newer, but $(PYTHON) is %s (%s): name another one with PYTHON=..." % (sys.version.split()[0], sys.executable))'
	@echo "installing the project's tools into .venv"
	@$(PYTHON) -m venv --clear .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@index=$$($(BIN)/pip config list | sed -n "s/^.*\.index-url='\(.*\)'$$/\1/p" | tail -n 1); \
	  $(UV_INSTALL) $${index:+--default-index "$$index"} --require-hashes -r requirements/dev.txt
	@touch $@

$(INSTALLED): .venv/.requirements-installed pyproject.toml
	@$(UV_INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@
