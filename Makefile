# Two commands: `make render` and `make test`. Each sets up what it needs inside this folder.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: render test lint checkov bench clean

render: $(VENV)/run
	$(BIN)/gitops-gen render

test: $(VENV)/dev
	$(BIN)/pytest -n auto

lint: $(VENV)/dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

checkov: $(VENV)-checkov/done
	$(VENV)-checkov/bin/checkov --config-file .checkov.yaml

bench: $(VENV)/dev
	$(BIN)/python -m benchmarks

clean:
	rm -rf $(VENV) $(VENV)-checkov .gitops-gen build dist *.egg-info

# A virtual environment is made anew when what it is made of changes.
$(VENV)/python:
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	touch $@

$(VENV)/run: pyproject.toml $(VENV)/python
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

$(VENV)/dev: pyproject.toml $(VENV)/python
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	touch $@ $(VENV)/run

# Apart, since checkov pins what we do not.
$(VENV)-checkov/done:
	$(PYTHON) -m venv $(VENV)-checkov
	$(VENV)-checkov/bin/python -m pip install --quiet 'checkov>=3.2'
	touch $@
