# Everything a newcomer needs, on a machine that has only Python 3.11+ and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: study test check docs lock clean format

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $(READY)

study: $(READY)  ## the example: the paper reproduced from its twin cohort
	$(BIN)/avidity study examples/bellakhdar-2024 --out report

test: $(READY)  ## every test
	$(BIN)/python -m pytest -q -n 2 --dist worksteal

check: $(READY)  ## format, lint, types, layers, docs
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q tests/test_layers.py tests/test_docs.py
	$(BIN)/sphinx-build -q -W -b html docs docs/_build

docs: $(READY)
	$(BIN)/sphinx-build -q -W -b html docs docs/_build

format: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock:  ## needs uv; writes the versions and hashes, and no address
	uv pip compile pyproject.toml --all-extras --group dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate -o requirements.lock

clean:
	rm -rf $(VENV) report docs/_build
