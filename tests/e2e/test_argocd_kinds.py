"""The schemas of Argo CD's kinds are those of the Argo CD that a rehearsal runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from gitops_gen import yaml
from gitops_gen.checks.api.sessions import argocd_kinds
from gitops_gen.rehearse.servers.argocd import crds
from gitops_gen.rehearse.servers.tools import tools

OURS = {crd["metadata"]["name"]: crd for crd in map(yaml.yaml_load, argocd_kinds())}
RULES = ("type", "format", "maxLength", "minLength", "x-kubernetes-preserve-unknown-fields")


def fields(schema: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yields the path and the rules of each field. Patterns are left out."""
    required = sorted(schema.get("required", ()))
    yield path, [*(schema.get(rule) for rule in RULES), required]
    for name, part in schema.get("properties", {}).items():
        yield from fields(part, (*path, name))
    for name in ("items", "additionalProperties"):
        if name in schema:
            yield from fields(schema[name], (*path, name))


def spec_of(crd: Any) -> dict[tuple[str, ...], Any]:
    [version] = crd["spec"]["versions"]
    assert version["name"] == "v1alpha1"
    return dict(fields(version["schema"]["openAPIV3Schema"]["properties"]["spec"]))


@pytest.mark.parametrize("name", sorted(OURS))
def test_the_fields_are_those_of_argo_cd(name: str) -> None:
    files, _ = crds(tools().find("argocd"))
    theirs = {crd["metadata"]["name"]: crd for crd in map(yaml.yaml_load, files.values())}
    assert spec_of(OURS[name]) == spec_of(theirs[name])
