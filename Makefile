# Two commands: `make render` and `make test`. Each sets up what it needs inside this folder.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
TERRAFORM ?= $(shell command -v terraform)
# Tests of one file stay together, so that what they share is made once, until a process is idle.
PARALLEL := -n auto --dist worksteal
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: render test terraform-test terraform-mutations terraform-docs addon-roles rehearse-tools e2e lint checkov bench clean

render: $(VENV)/run
	$(BIN)/gitops-gen render

test: $(VENV)/dev
	$(BIN)/pytest $(PARALLEL)
	@$(MAKE) --no-print-directory terraform-test

# Real Terraform on a copy of terraform/, with stub providers: neither an account nor a registry.
TERRAFORM_PYTEST = CHECKOV=$(VENV)-checkov/bin/checkov TERRAFORM=$(TERRAFORM) $(VENV)-terraform/bin/python -B -m pytest $(PARALLEL) tests/terraform
terraform-test:
ifeq ($(TERRAFORM),)
	@echo "SKIPPED terraform-test: Terraform is not installed, so terraform/ was not tested"
else
	@$(MAKE) --no-print-directory $(VENV)-terraform/done $(VENV)-checkov/done
	$(TERRAFORM_PYTEST) -m "not mutation"
endif

# Mistakes that are planted in copies of terraform/, each of which a test must notice. All of them,
# or with THIRD=0, 1 or 2 one third.
terraform-mutations:
ifeq ($(TERRAFORM),)
	@echo "SKIPPED terraform-mutations: Terraform is not installed, so no mistake was planted"
else
	@$(MAKE) --no-print-directory $(VENV)-terraform/done
	THIRD=$(THIRD) $(TERRAFORM_PYTEST) -m mutation
endif

# After a change of variables, outputs, or facts that Terraform and the generator share.
terraform-docs: $(VENV)-terraform/done
	cd tests/terraform && $(abspath $(VENV)-terraform/bin/python) -B -m documents

# After a change of an add-on's AWS_ROLE: what the Terraform module is told of it.
addon-roles: $(VENV)/run
	$(BIN)/python -c 'import sys; from gitops_gen.components.addon_roles import roles_file; sys.stdout.buffer.write(roles_file())' > terraform/modules/addons/roles.json.new
	mv terraform/modules/addons/roles.json.new terraform/modules/addons/roles.json

# What a rehearsal runs: etcd, Kubernetes, kwok and Argo CD, from Go modules, once.
rehearse-tools:
	tools/rehearse/build

# Real API server, real Argo CD. What is missing is said in one line, and nothing is run then.
e2e: $(VENV)/dev
	GITOPS_GEN_E2E=1 $(BIN)/pytest -n 2 tests/e2e || test $$? -eq 5

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
	rm -rf $(VENV) $(VENV)-checkov $(VENV)-terraform .gitops-gen build dist *.egg-info

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
$(VENV)-checkov/done: tests/terraform/requirements-checkov.txt
	$(PYTHON) -m venv $(VENV)-checkov
	$(VENV)-checkov/bin/python -m pip install --quiet --requirement $<
	touch $@

$(VENV)-terraform/done: tests/terraform/requirements.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)-terraform
	$(VENV)-terraform/bin/python -m pip install --quiet --requirement $< --editable .
	touch $@
