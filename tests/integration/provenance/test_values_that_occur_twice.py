"""A value whose text occurs several times: the line behind a field is still the right one."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from gitops_gen.model import FieldPath, ObjectId
from gitops_gen.provenance import Provenance
from tests.integration.provenance.conftest import opened
from tests.repository import Repository
from tests.repository import example as example_repository

PLANTED = Path(__file__).with_name("twice") / "dev.yaml"
CONTAINER = "spec.template.spec.containers[0]"
CLAIM = "spec.volumeClaimTemplates[0].spec.resources.requests.storage"
STORAGE = "spec.source.helm.valuesObject.prometheus.prometheusSpec.storageSpec"
FRONTEND, BACKEND = ("Deployment", "frontend"), ("Deployment", "backend")
POSTGRES = ("StatefulSet", "postgres")

CASES = [
    (FRONTEND, f"{CONTAINER}.image", "tiers.frontend.image.tag"),
    (BACKEND, f"{CONTAINER}.image", "tiers.backend.image.tag"),
    (FRONTEND, "env BACKEND_VERSION", "tiers.frontend.env.BACKEND_VERSION"),
    (BACKEND, "env FRONTEND_VERSION", "tiers.backend.env.FRONTEND_VERSION"),
    (FRONTEND, "spec.replicas", "tiers.frontend.replicas"),
    (BACKEND, "spec.replicas", "tiers.backend.replicas"),
    (FRONTEND, "env REPLICAS", "tiers.frontend.env.REPLICAS"),
    (FRONTEND, "env HEALTH", "tiers.frontend.env.HEALTH"),
    (BACKEND, f"{CONTAINER}.readinessProbe.httpGet.path", "tiers.backend.health.path"),
    (BACKEND, "env FRONTEND_PORT", "tiers.backend.env.FRONTEND_PORT"),
    (BACKEND, f"{CONTAINER}.ports[0].containerPort", "tiers.backend.port"),
    (FRONTEND, f"{CONTAINER}.ports[0].containerPort", "tiers.frontend.port"),
    (BACKEND, "env DATABASE", "tiers.backend.env.DATABASE"),
    (
        FRONTEND,
        f"{CONTAINER}.resources.requests.memory",
        "tiers.frontend.resources.requests.memory",
    ),
    (FRONTEND, f"{CONTAINER}.resources.limits.memory", "tiers.frontend.resources.limits.memory"),
    (BACKEND, f"{CONTAINER}.resources.requests.memory", "tiers.backend.resources.requests.memory"),
    (FRONTEND, "spec.template.metadata.labels.team", "tiers.frontend.podLabels.team"),
    (BACKEND, "spec.template.metadata.labels.team", "tiers.backend.podLabels.team"),
    (
        FRONTEND,
        'spec.template.metadata.annotations."example.com/team"',
        'tiers.frontend.podAnnotations."example.com/team"',
    ),
    (POSTGRES, CLAIM, "postgres.storage.size"),
    (
        ("Application", "kube-prometheus-stack"),
        f"{STORAGE}.volumeClaimTemplate.spec.resources.requests.storage",
        "addons.kube-prometheus-stack.prometheus.storage.size",
    ),
]


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory, helm: str) -> Repository:
    repository = example_repository(tmp_path_factory.mktemp("twice"), helm)
    shutil.copy(PLANTED, repository.path("values/dev.yaml"))
    return repository


@pytest.fixture(scope="module")
def provenance(planted: Repository, helm: str) -> Provenance:
    return opened(str(planted.root), "dev", helm)


def named(provenance: Provenance, names: tuple[str, str], field: str) -> tuple[ObjectId, FieldPath]:
    """`env NAME` is the value of a variable of the first container."""
    kind, name = names
    [item] = [one for one in provenance.objects if (one.id.kind, one.id.name) == (kind, name)]
    variable = field.removeprefix("env ")
    if variable != field:
        container = item.value["spec"]["template"]["spec"]["containers"][0]
        index = [one["name"] for one in container["env"]].index(variable)
        field = f"{CONTAINER}.env[{index}].value"
    return item.id, FieldPath.parse(field)


def test_each_field_is_at_its_own_line(provenance: Provenance) -> None:
    fields = [named(provenance, names, field) for names, field, _ in CASES]
    lines = provenance.lines_behind(fields)
    assert [str(FieldPath(line.path)) if line else None for line in lines] == [
        path for _, _, path in CASES
    ]
    environment = provenance.environment
    assert [line.position for line in lines if line] == [
        environment.sources[FieldPath.parse(path).parts].value for _, _, path in CASES
    ]


def test_all_fields_together_cost_no_more_than_every_leaf_once(provenance: Provenance) -> None:
    """The fields of a component share the experiments, and the second time there are none."""
    fields = [named(provenance, names, field) for names, field, _ in CASES]
    provenance.lines_behind(fields)
    before = provenance.cost.variants
    provenance.lines_behind(fields)
    assert provenance.cost.variants == before
    assert before <= len(provenance.environment.sources)


@pytest.mark.parametrize("case", CASES[:3], ids=lambda case: case[2])
def test_explain_names_this_line_first(
    planted: Repository, provenance: Provenance, case: tuple[tuple[str, str], str, str]
) -> None:
    names, field, path = case
    _, parsed = named(provenance, names, field)
    done = planted.run("explain", "dev", f"{'/'.join(names)}:{parsed}", "--format", "json")
    first = json.loads(done.stdout)["lines"][0]
    assert (first["path"], first["changes"], first["layer"]) == (path, "field", "environment")


def test_the_name_of_a_variable_is_a_key_of_the_values(provenance: Provenance) -> None:
    """The name of a variable and its value are on one line, but not at one column."""
    identity, value = named(provenance, BACKEND, "env FRONTEND_PORT")
    [line] = provenance.lines_behind([(identity, FieldPath((*value.parts[:-1], "name")))])
    assert line is not None
    assert (str(FieldPath(line.path)), line.of_key) == ("tiers.backend.env.FRONTEND_PORT", True)
