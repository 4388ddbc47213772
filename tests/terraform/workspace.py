"""A copy of `terraform/` in which Terraform runs, without access to the work tree or a cloud."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).parents[2]
EXAMPLE_MANIFEST = REPOSITORY / "terraform/modules/argocd/tests/bootstrap.yaml"
LOCAL_BACKEND = 'terraform {\n  backend "local" {}\n}\n'
Plan = dict[str, Any]


def folders(base: Path = REPOSITORY / "terraform") -> list[str]:
    """Returns all modules and root modules, relative to terraform/."""
    found = (*base.glob("modules/*/main.tf"), *base.glob("*/main.tf"))
    return sorted(str(path.parent.relative_to(base)) for path in found)


class Failed(AssertionError):
    """Terraform failed. The message contains the command and its output."""


@dataclass(frozen=True, slots=True)
class Workspace:
    root: Path
    terraform: Path
    config: Path

    @classmethod
    def create(cls, root: Path, terraform: Path, config: Path) -> Workspace:
        """Creates the copy, with bootstrap manifests and a local backend as in the README."""
        shutil.copytree(REPOSITORY / "terraform", root / "terraform", ignore=_leftovers)
        for environment in ("dev", "prod"):
            target = root / "argocd" / environment
            target.mkdir(parents=True)
            shutil.copy(EXAMPLE_MANIFEST, target / "bootstrap.yaml")
        for name in ("infra", "bootstrap"):
            (root / "terraform" / name / "backend_override.tf").write_text(LOCAL_BACKEND)
        return cls(root, terraform, config)

    @property
    def log(self) -> Path:
        """The log of the stub providers. It has one JSON object per line for each value."""
        return self.root / "stub.log"

    def calls(self, **wanted: str) -> list[dict[str, Any]]:
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        entries = (json.loads(line) for line in lines)
        return [entry for entry in entries if wanted.items() <= entry.items()]

    def run(self, folder: str, *arguments: str, fails: bool = False) -> str:
        """Runs `terraform ARGUMENTS` in terraform/FOLDER and returns its output."""
        command = [str(self.terraform), f"-chdir={self.root / 'terraform' / folder}", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, env=self.environment())
        output = done.stdout + done.stderr
        if (done.returncode != 0) != fails:
            raise Failed(f"{' '.join(command)}\n{output}")
        return output if fails else done.stdout

    def init(self, folder: str) -> None:
        if not (self.root / "terraform" / folder / ".terraform").exists():
            self.run(folder, "init", "-input=false", "-no-color")

    def valid(self, folder: str) -> None:
        self.init(folder)
        self.run(folder, "validate", "-no-color")

    def tests(self, folder: str) -> str:
        """Runs the `*.tftest.hcl` of a folder, and returns the output."""
        self.init(folder)
        return self.run(folder, "test", "-no-color")

    def plan(self, folder: str, *arguments: str) -> Plan:
        self.init(folder)
        self.run(folder, "plan", "-input=false", "-no-color", "-out=plan", *arguments)
        return self.show(folder, "plan")

    def apply(self, folder: str, *arguments: str) -> Plan:
        """Applies, and returns the state in the form of `terraform show -json`."""
        self.init(folder)
        self.run(folder, "apply", "-input=false", "-no-color", "-auto-approve", *arguments)
        return self.show(folder)

    def show(self, folder: str, *file: str) -> Plan:
        shown: Plan = json.loads(self.run(folder, "show", "-json", *file))
        return shown

    def state(self, folder: str, file: str) -> Plan:
        """Returns what `show` returns, but reads the file itself, which is ten times faster."""
        state = json.loads((self.root / "terraform" / folder / file).read_text())
        entries = [entry for resource in state["resources"] for entry in _instances(resource)]
        module = {"resources": entries}
        return {"values": {"outputs": state["outputs"], "root_module": module}}

    def environment(self) -> dict[str, str]:
        return {
            "HOME": os.environ.get("HOME", "/"),
            "PATH": os.environ["PATH"],
            "TF_CLI_CONFIG_FILE": str(self.config),
            "TF_IN_AUTOMATION": "1",
            "TFSTUB_LOG": str(self.log),
        }


def _leftovers(_folder: str, names: list[str]) -> list[str]:
    return [name for name in names if name == ".terraform" or "tfstate" in name]


def _instances(resource: dict[str, Any]) -> Iterator[dict[str, Any]]:
    data = "data." if resource["mode"] == "data" else ""
    name = f"{data}{resource['type']}.{resource['name']}"
    for instance in resource["instances"]:
        index = instance.get("index_key")
        suffix = "" if index is None else f"[{json.dumps(index)}]"
        yield {
            "address": ".".join(filter(None, (resource.get("module"), name + suffix))),
            "mode": resource["mode"],
            "type": resource["type"],
            "index": index,
            "values": {name: _untyped(value) for name, value in instance["attributes"].items()},
            "depends_on": instance.get("dependencies", []),
        }


def _untyped(value: Any) -> Any:
    """Returns the value of an argument. State files store a dynamic one with its type."""
    return (
        value["value"] if isinstance(value, dict) and value.keys() == {"value", "type"} else value
    )


@dataclass(frozen=True, slots=True)
class Resource:
    address: str
    type: str
    values: dict[str, Any]


def resources(shown: Plan) -> list[Resource]:
    """Returns every managed resource of a plan or a state, in any module."""
    values = shown.get("planned_values") or shown.get("values") or {"root_module": {}}
    return _of_module(values["root_module"])


def _of_module(module: dict[str, Any]) -> list[Resource]:
    found = [
        Resource(entry["address"], entry["type"], entry["values"])
        for entry in module.get("resources", ())
        if entry["mode"] == "managed"
    ]
    for child in module.get("child_modules", ()):
        found += _of_module(child)
    return found
