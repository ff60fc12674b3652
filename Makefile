# `make docs` and `make test` work in a fresh clone; everything they need goes into .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
PIP_INSTALL := $(BIN)/python -m pip install --no-input --disable-pip-version-check -c constraints.txt

.PHONY: docs test lint bench clean

docs: $(INSTALLED)
	$(BIN)/gainderive build --out build/site

test: $(INSTALLED)
	$(BIN)/python -m pytest -n 2

lint: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(INSTALLED)
	$(BIN)/python -m benchmarks

clean:
	rm -rf $(VENV) build dist

# The build backend comes first, so that its version is held by the constraints too.
$(INSTALLED): pyproject.toml constraints.txt package-lock.json | $(BIN)/pip
	$(PIP_INSTALL) hatchling
	$(PIP_INSTALL) --no-build-isolation -e '.[dev]'
	PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --no-audit --no-fund
	touch $@

# Debian's python3 may come without ensurepip. A virtualenv or a pip of the system can stand in for it, and root can
# install Debian's own package.
$(BIN)/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "gainderive needs Python 3.11 or later: make PYTHON=/path/to/python3.11 ..." >&2; exit 1; }
	@rm -rf $(VENV)
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV) && $(PYTHON) -m virtualenv $(VENV); } || { \
		rm -rf $(VENV) && $(PYTHON) -m venv --without-pip $(VENV) && \
		$(PYTHON) -m pip --python $(BIN)/python install --no-input pip; } || { \
		test "$$(id -u)" = 0 && rm -rf $(VENV) && apt-get update -q && apt-get install -q -y python3-venv && \
		$(PYTHON) -m venv $(VENV); } || { rm -rf $(VENV); \
		echo "$(PYTHON) cannot create a virtual environment: apt-get install python3-venv" >&2; exit 1; }
