"""Repositories with two commits of a few manifests, and their comparison."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gitops_gen import yaml
from gitops_gen.changes import Comparison, DiffRequest, compare
from gitops_gen.changes.result import EnvironmentComparison
from tests.unit.revisions.examples import commit, write

MANIFESTS = Path(__file__).with_name("manifests")
ALWAYS = ("application", "project")
"""The Application of the component `shop`, and its AppProject."""


@dataclass(frozen=True)
class Case:
    """A change: the manifests that both revisions have, those of one of them, and edits."""

    objects: tuple[str, ...] = ()
    edits: Mapping[str, str] = field(default_factory=dict)
    """Texts in the manifests of the base, with those that replace them in the head."""
    removed: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    expected: tuple[str, ...] = ()

    @classmethod
    def read(cls, path: Path) -> Case:
        value: dict[str, Any] = yaml.yaml_load(path.read_bytes())
        lists = {key: tuple(item) for key, item in value.items() if isinstance(item, list)}
        return cls(**{"edits": value.get("edits", {}), **lists})


def manifest(name: str) -> str:
    return (MANIFESTS / f"{name}.yaml").read_text()


def repository(folder: Path, case: Case) -> Path:
    """A repository whose last commit makes the change of the case."""
    names = {*case.objects, *ALWAYS}
    base = {name: manifest(name) for name in (*names, *case.removed) if name not in case.added}
    head = {name: _edited(manifest(name), case.edits) for name in (*names, *case.added)}
    for old in case.edits:
        assert any(old in manifest(name) for name in head), f"no manifest contains {old!r}"
    return two_commits(folder, base, {k: v for k, v in head.items() if k not in case.removed})


def two_commits(folder: Path, base: Mapping[str, str], head: Mapping[str, str]) -> Path:
    """A repository with these manifests in its two commits."""
    write(folder, {"values/prod.yaml": "cluster: {kubernetesVersion: '1.36'}\n"})
    for manifests in (base, head):
        for path in (*folder.glob("argocd/**/*.yaml"), *folder.glob("rendered/**/*.yaml")):
            path.unlink()
        write(folder, dict(_files(manifests)))
        commit(folder)
    return folder


def _files(manifests: Mapping[str, str]) -> Iterable[tuple[str, str | bytes]]:
    for name, text in manifests.items():
        of_argocd = "argoproj.io" in text.splitlines()[0]
        folder = "argocd/prod/apps" if of_argocd else "rendered/prod/manifests/shop"
        yield f"{folder}/{name}.yaml", text


def _edited(text: str, edits: Mapping[str, str]) -> str:
    for old, new in edits.items():
        text = text.replace(old, new)
    return text


def compared(root: Path, base: str = "HEAD~1", head: str = "HEAD") -> Comparison:
    """The comparison of two commits."""
    return compare(DiffRequest(str(root), base=base, head=head), print, lambda _text: None)


def consequences(environment: EnvironmentComparison) -> list[str]:
    """Each consequence as a line `Kind namespace/name: class: message`."""
    return [
        f"{difference.id}: {one.change_class.id}: {one.message}"
        for difference, one in environment.consequences
    ]
