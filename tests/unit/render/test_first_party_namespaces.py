"""An object of a first-party chart has a namespace, or its kind is known to be cluster-scoped.

Otherwise the AppProject would allow its kind for the whole cluster. A component declares
its cluster-scoped custom resources (`cluster_kinds`).
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from gitops_gen.components.types import Component, RepositoryChart, Subchart
from gitops_gen.errors import ToolFailed
from gitops_gen.model import Environment
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.render.hydrate.documents import HelmDocument
from gitops_gen.render.hydrate.objects import objects
from gitops_gen.render.hydrate.scope import stored_identity

MANIFESTS = Path(__file__).with_name("without_namespace")
ENVIRONMENT = Environment("dev", {}, {}, "values/dev.yaml")
CACHE = Component(
    name="cache",
    namespace="cache",
    wave=10,
    source=Subchart("components/cache", {}),
    section=("cache",),
    cluster_kinds=frozenset({("example.org", "CachePolicy")}),
)


def hydrated(file: Path, component: Component = CACHE) -> KubeObject:
    document = HelmDocument("platform/charts/cache/templates/x.yaml", file.read_bytes())
    [item] = objects(ENVIRONMENT, component, [document])
    return item


@pytest.mark.parametrize("file", sorted((MANIFESTS / "invalid").iterdir()), ids=lambda f: f.stem)
def test_an_object_without_a_namespace_is_a_defect_of_the_chart(file: Path) -> None:
    with pytest.raises(
        ToolFailed, match=r"templates/x\.yaml renders \w+ cache without a namespace"
    ):
        hydrated(file)


@pytest.mark.parametrize("file", sorted((MANIFESTS / "valid").iterdir()), ids=lambda f: f.stem)
def test_other_objects_are_rendered_with_their_template(file: Path) -> None:
    assert hydrated(file).template == "platform/charts/cache/templates/x.yaml"


def test_a_user_defined_chart_may_omit_the_namespace() -> None:
    chart = replace(CACHE, source=RepositoryChart("charts/cache", {}, "cache"))
    item = hydrated(MANIFESTS / "invalid/service.yaml", chart)
    assert item.id.namespace == ""
    assert stored_identity(item.id, chart).namespace == "cache"
