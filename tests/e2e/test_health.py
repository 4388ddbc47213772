"""The health of Applications by the health check of gitops-gen. Each file in health/ is a case."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from gitops_gen import yaml
from gitops_gen.rehearse.servers.argocd import HEALTH, settings
from gitops_gen.rehearse.servers.tools import tools
from tests.e2e.repositories import EXAMPLE

CASES = Path(__file__).with_name("health")


@pytest.mark.parametrize("file", sorted(CASES.glob("*.yaml")), ids=lambda file: file.stem)
def test_is_found(file: Path, tmp_path: Path) -> None:
    case = yaml.yaml_load(file.read_bytes(), file.name)
    application = _written(tmp_path / "application.yaml", case["application"])
    name = {"name": "argocd-cm", "labels": {"app.kubernetes.io/part-of": "argocd"}}
    data = {HEALTH: settings(EXAMPLE, 0).config[HEALTH]}
    config = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": name, "data": data}
    command = [tools().require("argocd"), "admin", "settings", "resource-overrides", "health"]
    command += [application, "--argocd-cm-path", _written(tmp_path / "config.yaml", config)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert f"STATUS: {case['expect']}" in done.stdout


def _written(path: Path, value: object) -> str:
    path.write_text(yaml.dump(value))
    return str(path)
