"""Refused changes stay visible, removals are pruned, and the documented procedures work."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from gitops_gen import yaml
from gitops_gen.rehearse.servers.argocd import Settings
from tests.e2e import refusals
from tests.e2e.recipes import follow_in_repository, recipe
from tests.e2e.repositories import Tell, example
from tests.e2e.theatre import play

CHARTS = Path(__file__).with_name("charts")
SAID = "updates to statefulset spec for fields other than"
REFUSED = {"storage": {"size": "7Gi"}, "parameters": {"work_mem": "16MB"}}
EVERYTHING: dict[str, Any] = {
    "data": {"kept": "here", "lost": "here"},
    "labels": {"kept": "here", "lost": "here"},
    "annotations": {"kept": "here", "lost": "here"},
    "env": {"KEPT": "here", "LOST": "here"},
    "args": ["--kept", "--lost"],
    "configMaps": {"kept": {}, "lost": {}},
}
REMOVALS: dict[str, dict[str, Any]] = {
    "key": {"data": {"kept": "here"}},
    "label": {"labels": {"kept": "here"}},
    "annotation": {"annotations": {"kept": "here"}},
    "env": {"env": {"KEPT": "here"}},
    "list": {"args": ["--kept"]},
    "object": {"configMaps": {"kept": {}}},
}
"""The values of the commits, each of which removes one more part."""
LARGE = {
    "repository": "https://charts.acme.example",
    "chart": "large",
    "version": "0.1.0",
    "namespace": "large",
    "clusterKinds": ["apiextensions.k8s.io/CustomResourceDefinition"],
}


def test_a_refused_change_stays_visible_and_the_good_one_is_applied(
    tmp_path: Path, tell: Tell
) -> None:
    trees = {
        "first": example(tmp_path / "first"),
        "refused": example(tmp_path / "refused", postgres=REFUSED),
    }
    facts = play(refusals.refused, trees)
    tell(facts)
    assert facts["comparisons"] >= refusals.ENOUGH
    assert facts["shown"] == ["OutOfSync"]
    assert SAID in facts["message"]
    assert facts["size"] == "5Gi"


def test_the_api_servers_comparison_hides_it(tmp_path: Path, tell: Tell) -> None:
    """argo-cd#28722. If this fails, Argo CD has fixed the bug: docs/decisions/argocd.md."""
    trees = {
        "first": _former(example(tmp_path / "first")),
        "refused": _former(example(tmp_path / "refused", postgres=REFUSED)),
    }
    facts = play(refusals.hidden, trees)
    tell(facts)
    assert "Synced" in facts["shown"]
    assert not facts["applied"]


def test_what_leaves_git_leaves_the_cluster_and_nothing_drifts(tmp_path: Path, tell: Tell) -> None:
    trees = _shrinking(tmp_path)
    facts = play(partial(refusals.removals, names=list(REMOVALS)), trees)
    tell(facts)
    assert facts["left"] == _nothing_left()
    assert set(map(tuple, facts["drift"].values())) == {("Synced",)}
    assert set(facts["operations"].values()) == {0}


def test_a_cluster_that_version_0_1_synced_follows_the_page(tmp_path: Path, tell: Tell) -> None:
    trees = _shrinking(tmp_path)
    trees["former"] = _former(shutil.copytree(trees["first"], tmp_path / "former"))
    script = recipe("runbook.md", "Clusters that version 0.1.0 has synced")
    facts = play(partial(refusals.upgraded, script=script, names=list(REMOVALS)), trees)
    tell(facts)
    assert facts["left"] == _nothing_left()


def test_a_cluster_with_a_hidden_refusal_follows_the_page(tmp_path: Path, tell: Tell) -> None:
    """The root Application stops at the sync wave of postgres; the later backend needs the page."""
    script = recipe("runbook.md", "Clusters that version 0.1.0 has synced")
    way_out = recipe("database.md", "Growing the volume")
    steps = partial(refusals.upgraded_with_a_refusal, script=script, way_out=way_out)
    facts = play(steps, _with_a_refusal(tmp_path))
    tell(facts)
    after = {"not succeeded": [], "with old fields": [], "backend has a record": True}
    assert facts["hidden"] == "Synced"
    assert facts["first run"] == {**after, "not succeeded": ["postgres"]}
    assert facts["second run"] == after
    assert (facts["variables"], facts["size"]) == (["KEPT"], "20Gi")


def test_without_the_page_removals_are_lost(tmp_path: Path, tell: Tell) -> None:
    """If this fails, that section of the runbook is no longer needed."""
    trees = _shrinking(tmp_path)
    trees["former"] = _former(shutil.copytree(trees["first"], tmp_path / "former"))
    names = ["key", "label", "annotation", "env"]
    facts = play(partial(refusals.upgraded, script="git push\n", names=names), trees)
    tell(facts)
    assert facts["left"]["env"] == list(REMOVALS)


def test_more_room(tmp_path: Path) -> None:
    script, trees = _more_room(tmp_path)
    facts = play(partial(refusals.more_room, script=script), trees)
    assert facts == {"size": "20Gi", "same pod": True}


def test_more_room_when_argo_cd_has_given_up(tmp_path: Path, tell: Tell) -> None:
    """Argo CD then restores nothing automatically, so the page asks for a sync."""
    script, trees = _more_room(tmp_path)
    facts = play(partial(refusals.more_room_late, script=script), trees, _short_sync_timeout)
    tell(facts)
    assert facts["before the request"]["there"] is None
    assert facts["before the request"]["shown"] == ["OutOfSync"]
    assert (facts["size"], facts["same pod"]) == ("20Gi", True)


def test_a_large_crd_of_a_chart_is_applied(
    tmp_path: Path, tell: Tell, helm: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Applies a chart like an upstream chart, although the chart is in the repository."""
    monkeypatch.setenv("PATH", f"{Path(helm).parent}{os.pathsep}{os.environ['PATH']}")
    root = example(tmp_path / "first", addons={"large": LARGE})
    _large_chart(root / "rendered/dev/chart-large")
    _serve_chart(root)
    _assert_the_large_crd_is_applied(root, tell)


def test_a_large_crd_of_a_chart_of_your_own_is_applied(tmp_path: Path, tell: Tell) -> None:
    """The Application applies client-side; the CRD has the option for server-side apply."""
    root = tmp_path / "first"
    _large_chart(root / "charts/large")
    example(root, addons={"large": {"path": "charts/large", "namespace": "large"}})
    _assert_the_large_crd_is_applied(root, tell)


def _assert_the_large_crd_is_applied(root: Path, tell: Tell) -> None:
    facts = play(refusals.large_crd, {"first": root})
    tell(facts)
    assert facts["size"] > 262_144
    assert refusals.RECORD not in facts["annotations"]


def _shrinking(folder: Path) -> dict[str, Path]:
    """A revision with all parts, and one per removal, which also lacks all parts removed before."""
    values = EVERYTHING
    trees = {"first": _with_chart(folder / "first", values)}
    for name, remains in REMOVALS.items():
        values = {**values, **remains}
        trees[name] = _with_chart(folder / name, values)
    return trees


def _with_a_refusal(folder: Path) -> dict[str, Path]:
    """The files of gitops-gen 0.1.0, a refused change of them, and later revisions."""
    kept, all_of_it = {"KEPT": "here"}, {"KEPT": "here", "LOST": "here"}
    refused = {**REFUSED, "storage": {"size": "20Gi"}}
    return {
        "former": _former(_with_backend(folder / "former", all_of_it)),
        "hidden": _former(_with_backend(folder / "hidden", all_of_it, postgres=refused)),
        "refused": _with_backend(folder / "refused", all_of_it, postgres=refused),
        "removed": _with_backend(folder / "removed", kept, postgres=refused),
    }


def _with_backend(root: Path, env: dict[str, str], **changes: Any) -> Path:
    return example(root, tiers={"backend": {"env": env}}, **changes)


def _with_chart(root: Path, values: dict[str, Any]) -> Path:
    shutil.copytree(CHARTS / "shrinking", root / "charts/shrinking")
    addon = {"path": "charts/shrinking", "namespace": "shrinking", "values": values}
    return example(root, addons={"shrinking": addon})


def _nothing_left() -> dict[str, list[str]]:
    """After each commit, only parts that later commits remove still exist."""
    names = list(REMOVALS)
    return {name: names[number + 1 :] for number, name in enumerate(names)}


def _former(root: Path) -> Path:
    """With Applications as gitops-gen 0.1.0 rendered them."""
    for path in (root / "argocd/dev").rglob("*.yaml"):
        documents = [_as_before(item) for item in yaml.documents(path.read_bytes()) if item]
        path.write_text("---\n".join(yaml.dump(item) for item in documents))
    return root


def _as_before(item: dict[str, Any]) -> dict[str, Any]:
    if item["kind"] == "Application":
        key = "argocd.argoproj.io/compare-options"
        item["metadata"]["annotations"][key] = "ServerSideDiff=true"
        policy = item["spec"]["syncPolicy"]
        policy["syncOptions"] = ["ServerSideApply=true", *policy.get("syncOptions", ())]
        # A field that is not rendered any more must not stay.
        item["spec"]["info"] = [{"name": "rendered by", "value": "version 0.1.0"}]
    return item


def _more_room(folder: Path) -> tuple[str, dict[str, Path]]:
    """The commands of the page; the files before and after those that change the repository."""
    script = recipe("database.md", "Growing the volume")
    first = example(folder / "first")
    grown = shutil.copytree(first, folder / "grown")
    follow_in_repository(script, grown)
    return script, {"first": first, "grown": grown}


def _short_sync_timeout(settings: Settings) -> Settings:
    timeout = {"controller.sync.timeout.seconds": "25"}
    return replace(settings, parameters={**settings.parameters, **timeout})


def _large_chart(folder: Path) -> None:
    shutil.copytree(CHARTS / "large", folder)
    crd = folder / "crds/crates.yaml"
    crd.write_text(crd.read_text().replace("PADDING", "x" * 262_144))


def _serve_chart(root: Path) -> None:
    """The chart in the repository, with the Application that is rendered for an upstream chart."""
    file = root / "argocd/dev/apps/large.yaml"
    application = yaml.yaml_load(file.read_bytes())
    git = yaml.yaml_load((root / "argocd/dev/apps/backend.yaml").read_bytes())["spec"]["source"]
    place = {"repoURL": git["repoURL"], "targetRevision": git["targetRevision"]}
    application["spec"]["source"] = {**place, "path": "rendered/dev/chart-large"}
    file.write_text(yaml.dump(application))
