"""A component is added with one folder, and nothing else is edited."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.repository import ROOT, Repository, example

FOLDER = Path(__file__).with_name("new_component") / "cache"


@pytest.fixture
def extended(tmp_path: Path, helm: str) -> Repository:
    """The example's values, and a copy of the package with one folder more."""
    package = tmp_path / "package"
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "gitops_gen", package / "gitops_gen", ignore=ignored)
    shutil.copytree(FOLDER, package / "gitops_gen/components/cache", ignore=ignored)
    repository = example(tmp_path, helm)
    return Repository(repository.root, helm, package)


def test_it_is_rendered_delivered_and_documented(extended: Repository) -> None:
    extended.render("prod")
    manifests = extended.manifests("prod")
    assert manifests.one("ConfigMap", "cache", "cache")["data"] == {"memory": "64Mi"}
    assert manifests.one("Namespace", "cache")
    assert extended.wave("prod", "cache") == 12
    assert extended.path("rendered/prod/umbrella/charts/cache/values.schema.json").exists()
    assert "A cache that all tiers share." in extended.run("schema").stdout


def test_its_schema_and_rules_lead_to_the_line(extended: Repository) -> None:
    base = extended.read("values/prod.yaml")
    extended.write("values/prod.yaml", f"{base}cache:\n  memroy: 1Gi\n")
    done = extended.run("check", "prod")
    line = base.count("\n") + 2
    assert done.returncode == 2
    assert f"values/prod.yaml:{line}:3: cache.memroy: unknown key; did you mean 'memory'?" in (
        done.stdout
    )
    extended.write("values/prod.yaml", f"{base}cache:\n  namespace: kube-system\n")
    done = extended.run("check", "prod")
    assert f"values/prod.yaml:{line}:14: cache.namespace: 'kube-system'" in done.stdout
