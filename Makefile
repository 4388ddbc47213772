# The main targets are `make render` and `make test`. They install their dependencies in .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
TERRAFORM ?= $(shell command -v terraform)
# Tests of one file run in one process, so that their fixtures are shared, until a process is idle.
PARALLEL := -n auto --dist worksteal
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: render test terraform-test terraform-mutations terraform-docs addon-roles apicheck apicheck-test helm older-apiserver rehearse-tools e2e mermaid docs lint checkov dist platform-wheels bench clean

render: $(VENV)/run
	$(BIN)/gitops-gen render

test: $(VENV)/dev
	$(BIN)/pytest $(PARALLEL)
	@$(MAKE) --no-print-directory terraform-test

# Runs Terraform on a copy of terraform/ with stub providers, without an AWS account or a registry.
TERRAFORM_PYTEST = CHECKOV=$(VENV)-checkov/bin/checkov TERRAFORM=$(TERRAFORM) $(VENV)-terraform/bin/python -B -m pytest $(PARALLEL) tests/terraform
terraform-test:
ifeq ($(TERRAFORM),)
	@echo "SKIPPED terraform-test: Terraform is not installed, so terraform/ was not tested"
else
	@$(MAKE) --no-print-directory $(VENV)-terraform/done $(VENV)-checkov/done
	$(TERRAFORM_PYTEST) -m "not mutation"
endif

# Inserts mistakes into copies of terraform/, each of which a test must detect: all mistakes, or one
# third of them with THIRD=0, 1 or 2.
terraform-mutations:
ifeq ($(TERRAFORM),)
	@echo "SKIPPED terraform-mutations: Terraform is not installed, so no mistake was inserted"
else
	@$(MAKE) --no-print-directory $(VENV)-terraform/done
	THIRD=$(THIRD) $(TERRAFORM_PYTEST) -m mutation
endif

# Run this after a change of a variable, of an output, or of a fact that Terraform and gitops-gen share.
terraform-docs: $(VENV)-terraform/done
	cd tests/terraform && $(abspath $(VENV)-terraform/bin/python) -B -m documents

# Run this after a change of an add-on's AWS_ROLE: writes the roles for the Terraform module.
addon-roles: $(VENV)/run
	$(BIN)/python -c 'import sys; from gitops_gen.components.addon_roles import roles_file; sys.stdout.buffer.write(roles_file())' > terraform/modules/addons/roles.json.new
	mv terraform/modules/addons/roles.json.new terraform/modules/addons/roles.json

# Builds the programs of a rehearsal from Go modules: etcd, Kubernetes, kwok and Argo CD.
rehearse-tools: $(VENV)/run
	$(BIN)/python -m gitops_gen.gobuild tools/rehearse

# Builds an API server of an older minor version, for tests/e2e/test_differential.py.
older-apiserver: $(VENV)/run
	$(BIN)/python -m gitops_gen.gobuild tools/apiserver-1.35

# Builds the program that applies the API server's rules, once for each set of sources.
apicheck: $(VENV)/run
	$(BIN)/python -m gitops_gen.gobuild tools/apicheck

apicheck-test:
	cd tools/apicheck && export GOFLAGS="-mod=readonly -trimpath" CGO_ENABLED=0 && go vet ./... && go test ./...

# Builds the pinned Helm from its Go module, as a render does on platforms without a wheel of Helm.
helm: $(VENV)/run
	$(BIN)/python -m gitops_gen.gobuild tools/helm

# Tests with a real API server and a real Argo CD. If a program is missing, the tests are skipped.
e2e: $(VENV)/dev
	GITOPS_GEN_E2E=1 $(BIN)/pytest -n 2 tests/e2e || test $$? -eq 5

# Installs Mermaid, with which tests draw the diagrams of `gitops-gen graph`. It needs Node.js and npm.
MERMAID := $(HOME)/.cache/gitops-gen/mermaid
mermaid:
	mkdir -p $(MERMAID)
	cp tests/integration/graph/mermaid/package.json $(MERMAID)/package.json
	npm install --prefix $(MERMAID) --ignore-scripts --no-audit --no-fund --no-package-lock

# Generates pages of docs/ and values/schema.json. Run this after a change of the schema, a default, a command or a rule.
docs: $(VENV)/dev
	$(BIN)/python -m tools.docs

lint: $(VENV)/dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/zizmor --quiet --offline .github action.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yaml
	$(BIN)/check-jsonschema --builtin-schema vendor.github-actions action.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.dependabot .github/dependabot.yml

checkov: $(VENV)-checkov/done
	$(VENV)-checkov/bin/checkov --config-file .checkov.yaml

# Builds the source distribution, and the wheel from it.
dist: $(VENV)/dev
	rm -rf dist
	$(BIN)/python -m build --outdir dist .

# Builds the wheels with apicheck for Linux and macOS. Go compiles for all of them on this machine.
platform-wheels: dist
	$(BIN)/python tools/release/platform_wheels.py dist

bench: $(VENV)/dev
	$(BIN)/python -m benchmarks

clean:
	rm -rf $(VENV) $(VENV)-checkov $(VENV)-terraform .gitops-gen build dist *.egg-info

# A virtual environment is updated if its requirements change.
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

# Checkov has its own virtual environment, because it pins versions of its dependencies.
$(VENV)-checkov/done: tests/terraform/requirements-checkov.txt
	$(PYTHON) -m venv $(VENV)-checkov
	$(VENV)-checkov/bin/python -m pip install --quiet --requirement $<
	touch $@

$(VENV)-terraform/done: tests/terraform/requirements.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)-terraform
	$(VENV)-terraform/bin/python -m pip install --quiet --requirement $< --editable .
	touch $@
