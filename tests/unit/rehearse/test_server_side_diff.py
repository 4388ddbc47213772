"""Applications that would hide a refused change.

Every file in server_side_diff/ is a test.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gitops_gen import yaml
from gitops_gen.model import Position
from gitops_gen.objects.reading import EnvironmentObjects, read_environment
from gitops_gen.rehearse.result import RemarkVerdict
from gitops_gen.rehearse.revision_facts import ComponentFacts, RevisionFacts
from gitops_gen.rehearse.server_side_diff import COMPARE, ON, server_side_diff_warnings
from gitops_gen.rehearse.servers.argocd import VALUES, Settings, settings
from gitops_gen.revisions import WorkTree
from tests.repository import ROOT

FILES = sorted(Path(__file__).with_name("server_side_diff").glob("*.yaml"))
LINE = Position("values/dev.yaml", 7, 3)
FACTS = RevisionFacts((ComponentFacts("shop", 20, "app", LINE),))
DEFAULTS = Settings({}, {})


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_case(file: Path, tmp_path: Path) -> None:
    case = yaml.yaml_load(file.read_bytes(), file.name)
    _write(tmp_path, "argocd/dev/apps/shop.yaml", yaml.dump(_application(case["application"])))
    _write(tmp_path, VALUES, f"configs:\n  params:\n    {case.get('settings', '{}')}\n")
    found = server_side_diff_warnings(
        _read(tmp_path, "dev"), FACTS, settings(tmp_path, 0), case["argocd"]
    )
    if case["warns"] is None:
        assert found == ()
        return
    [remark] = found
    assert remark.verdict is RemarkVerdict.WARNED
    assert case["warns"] in remark.message
    assert (
        "set the annotation argocd.argoproj.io/compare-options: ServerSideDiff=false"
        in remark.message
    )
    assert (remark.file, remark.values) == ("argocd/dev/apps/shop.yaml", LINE)


def test_root_and_an_application_of_a_users_chart_are_looked_at(tmp_path: Path) -> None:
    shown = {"metadata": {"annotations": {COMPARE: ON}}}
    for path in ("argocd/dev/bootstrap.yaml", "rendered/dev/manifests/shop/application-shop.yaml"):
        _write(tmp_path, path, yaml.dump(_application(shown)))
    found = server_side_diff_warnings(_read(tmp_path, "dev"), FACTS, DEFAULTS, "3.5.7")
    assert [remark.file for remark in found] == [
        "argocd/dev/bootstrap.yaml",
        "rendered/dev/manifests/shop/application-shop.yaml",
    ]


@pytest.mark.parametrize("environment", ["dev", "prod"])
def test_what_is_rendered_hides_nothing(environment: str) -> None:
    """The rendered Applications disable server-side diff even if it is Argo CD's default."""
    strict = Settings({}, {"controller.diff.server.side": "true"})
    assert (
        server_side_diff_warnings(_read(ROOT, environment), RevisionFacts(), strict, "3.6.1") == ()
    )


def _read(root: Path, environment: str) -> EnvironmentObjects:
    return read_environment(WorkTree(str(root)), environment)


def _application(part: dict[str, Any]) -> dict[str, Any]:
    metadata = {"name": "shop", "namespace": "argocd", **part.get("metadata", {})}
    whole = {"apiVersion": "argoproj.io/v1alpha1", "kind": "Application"}
    return {**whole, **part, "metadata": metadata}


def _write(root: Path, path: str, text: str) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text)
