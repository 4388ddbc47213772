"""A folder of stub providers, from which Terraform installs them like from a mirror."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tfstub.schema import Module
from tfstub.wheels import BINDINGS, Bindings, sources

_USED = re.compile(r'^(resource|data|ephemeral) "(\w+?)_(\w+)"', re.M)
_CONFIGURATION = """\
disable_checkpoint = true
provider_installation {{
  filesystem_mirror {{
    path = "{mirror}"
  }}
}}
"""
_FRAMEWORK = {"helm"}  # its objects are attributes: kubernetes = { … }


def build(folder: Path, hcl: Iterable[Path], terraform: Path) -> Path:
    """Writes stubs of the providers in `hcl`, and the CLI configuration that refers to them."""
    used = {match.groups() for path in hcl for match in _USED.finditer(path.read_text())}
    addresses = _addresses(folder, terraform)
    for name, bindings in BINDINGS.items():
        kinds = {(kind, rest) for kind, provider, rest in used if provider == name}
        _install(folder, bindings, kinds, addresses[name])
    config = folder / "terraform.rc"
    config.write_text(_CONFIGURATION.format(mirror=folder / "mirror"))
    return config


def _addresses(folder: Path, terraform: Path) -> dict[str, str]:
    """Returns the full provider addresses, which Terraform itself prints."""
    asked = folder / "addresses"
    asked.mkdir(parents=True)
    required = "\n".join(f'{name} = {{ source = "hashicorp/{name}" }}' for name in BINDINGS)
    (asked / "main.tf").write_text(f"terraform {{\nrequired_providers {{\n{required}\n}}\n}}\n")
    command = [str(terraform), f"-chdir={asked}", "providers"]
    answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return {
        found.rpartition("/")[2]: found for found in re.findall(r"provider\[([^\]]+)\]", answer)
    }


def _install(folder: Path, bindings: Bindings, kinds: set[tuple[str, str]], address: str) -> None:
    schemas = folder / f"{bindings.provider}.json"
    schemas.write_text(json.dumps(_schemas(bindings, kinds)))
    target = folder / "mirror" / address / bindings.binds / _platform()
    target.mkdir(parents=True)
    launcher = target / f"terraform-provider-{bindings.provider}_v{bindings.binds}"
    package = Path(__file__).parents[1]
    command = f"'{sys.executable}' -B -m tfstub.provider {bindings.provider} '{schemas}'"
    launcher.write_text(f"#!/bin/sh\nPYTHONPATH='{package}' exec {command}\n")
    launcher.chmod(0o755)


def _schemas(bindings: Bindings, kinds: set[tuple[str, str]]) -> dict[str, Any]:
    wanted = {(kind, rest): _file(bindings.provider, kind, rest) for kind, rest in kinds}
    found = sources(bindings, {*wanted.values(), "provider"})
    nested = bindings.provider in _FRAMEWORK
    schemas: dict[str, Any] = {"resource": {}, "data": {}, "ephemeral": {}}
    schemas["provider"] = Module(found["provider"], nested_attributes=nested).block()
    for (kind, rest), file in wanted.items():
        if file in found:
            block = Module(found[file], nested_attributes=nested).block()
            schemas[kind][f"{bindings.provider}_{rest}"] = block
    return schemas


def _file(provider: str, kind: str, rest: str) -> str:
    name = rest.replace("_", "-")
    return name if kind == "resource" else f"{kind}-{provider}-{name}"


def _platform() -> str:
    machine = {"x86_64": "amd64", "aarch64": "arm64"}
    uname = subprocess.run(["uname", "-sm"], check=True, capture_output=True, text=True).stdout
    system, kind = uname.lower().split()
    return f"{system}_{machine.get(kind, kind)}"
