"""A variant that renders only changed components has the same objects as a whole render."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gitops_gen.model import FieldPath, ObjectId, Values
from gitops_gen.provenance import Provenance
from gitops_gen.provenance.leaves import Leaf, changed
from gitops_gen.render.render_all import render_all
from gitops_gen.workspace.variants import VariantRequest, changed_components
from tests.integration.provenance.conftest import Opened
from tests.repository import Repository

CHARTS = Path(__file__).parents[1] / "render/charts"

CHANGES: list[tuple[str, Any, int]] = [
    # path, another value, number of components that are rendered
    ("tiers.frontend.image.tag", "9.9.9", 1),
    ("tiers.backend.port", 9999, 2),
    ("tiers.backend.enabled", False, 3),
    ("cluster.name", "acme-other", 5),
    ("cluster.kubernetesVersion", "1.34", 5),
    ("ingress.createClass", False, 1),
    ("postgres.namespace", "data", 3),
    ("repository.url", "https://git.example/other.git", 0),
    ("addons.kube-prometheus-stack.version", "88.5.4", 0),
]


def contents(objects: Any) -> dict[ObjectId, Values]:
    return {item.id: item.value for item in objects}


def whole(provenance: Provenance, environment: Any) -> dict[ObjectId, Values]:
    """All objects of a whole render, including those of Argo CD."""
    variants = provenance.variants
    variant = variants.planned(environment)
    [rendering] = render_all(
        [environment],
        variants.folders,
        variants.run.helm,
        root=variants.run.root,
        jobs=1,
        progress=lambda _text: None,
        plans={environment.name: variant.planned},
        archives=variants.run.archives,
    )
    return contents([*rendering.objects, *variants.argocd_of(variant, rendering.objects)])


@pytest.mark.parametrize(("path", "value", "components"), CHANGES, ids=lambda part: str(part))
def test_a_partial_render_is_a_whole_render(
    example: Provenance, path: str, value: Any, components: int
) -> None:
    variants = example.variants
    environment = changed(example.environment, {Leaf(FieldPath.parse(path).parts): value})
    variant = variants.planned(environment)
    names = changed_components(variants.base, variant)
    [found] = variants.render([VariantRequest(variant, names & variant.inputs.keys())])
    assert len(names) == components
    objects = {**variants.objects, **found.objects}  # type: ignore[union-attr]
    present = [item.component.name for item in variant.planned]
    rendered = [item for name in present for item in objects.get(name, ())]
    argocd = variants.argocd_of(variant, rendered)
    assert contents([*rendered, *argocd]) == whole(example, environment)


def test_nothing_is_written(provenance_of: Opened, repository: Repository) -> None:
    """Only the cache of the answers is."""
    before = repository.files("values")
    provenance = provenance_of(repository, "dev")
    provenance.reach(("tiers", "backend", "replicas"))
    assert repository.files("values") == before
    written = {path for path in repository.files() if not path.startswith("values/")}
    assert all(path.startswith(".gitops-gen/provenance/") for path in written)


def test_a_repository_chart_is_rendered_by_its_own_release(
    provenance_of: Opened, repository: Repository
) -> None:
    shutil.copytree(CHARTS / "zoo", repository.path("charts/zoo"))
    addon = "{path: charts/zoo, namespace: zoo, values: {keeper: ann}}"
    text = f"{repository.read('values/dev.yaml')}addons:\n  zoo: {addon}\n"
    repository.write("values/dev.yaml", text)
    provenance = provenance_of(repository, "dev")
    config = ObjectId("", "ConfigMap", "", "in-a-list")
    origin = provenance.origin(config, FieldPath.parse("data.keeper"))
    line = origin.lines[0]
    assert line.path == ("addons", "zoo", "values", "keeper")
    assert line.position == provenance.environment.sources[line.path].value
    assert ("addons", "zoo", "path") in {one.line.path for one in origin.unknown}
    reach = provenance.reach(line.path)
    assert {(one.object, one.path) for one in reach.differences} == {(config, ("data", "keeper"))}


def test_the_cache_answers_the_second_question(
    provenance_of: Opened, repository: Repository
) -> None:
    path = ("tiers", "backend", "image", "tag")
    first = provenance_of(repository, "dev")
    expected = first.reach(path)
    assert first.cost.variants > 0
    second = provenance_of(repository, "dev")
    assert second.reach(path) == expected
    assert second.cost.variants == 0
    repository.edit("values/dev.yaml", "tag: 2.1.0", "tag: 2.1.2")
    third = provenance_of(repository, "dev")
    assert third.reach(path) == replace(expected)
    assert third.cost.variants > 0
