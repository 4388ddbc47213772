"""`explain ENV KEY` and `explain ENV KIND/NAME[:FIELD]`; the rules are in test_one_file.py."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from gitops_gen.changes.classes import change_classes
from gitops_gen.changes.result import ChangeClass
from gitops_gen.rule_registry import rules
from tests.repository import Repository
from tests.repository import example as example_repository

IMAGE = "spec.template.spec.containers[0].image"


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory, helm: str) -> Repository:
    """The example. Tests in this module do not change it."""
    return example_repository(tmp_path_factory.mktemp("explain"), helm)


def explained(repository: Repository, *words: str) -> str:
    done = repository.run("explain", *words)
    assert done.returncode == 0, done.stderr
    return done.stdout


def as_json(repository: Repository, *words: str) -> dict[str, Any]:
    result: dict[str, Any] = json.loads(explained(repository, *words, "--format", "json"))
    return result


def test_a_key_has_its_line_its_layers_its_default_and_its_fields(repository: Repository) -> None:
    """A second Pod also adds a PodDisruptionBudget."""
    repository.edit("values/base.yaml", "  backend:\n", "  backend:\n    replicas: 4\n")
    assert explained(repository, "dev", "tiers.backend.replicas") == (
        "tiers.backend.replicas in dev\n"
        "\n"
        "  value     values/dev.yaml:12:15: 1\n"
        "  overrides values/base.yaml:14:15: 4\n"
        "  default   gitops_gen/components/tier/defaults.yaml:6:11: 2\n"
        "\n"
        "The number of Pods. It cannot be combined with autoscaling.\n"
        "\n"
        "A change of it changes 2 fields of 2 objects:\n"
        "  Deployment app/backend\n"
        "    spec.replicas\n"
        "  PodDisruptionBudget app/backend\n"
        "    the whole object (added)\n"
    )


def test_a_key_as_json(example: Repository) -> None:
    found = as_json(example, "prod", "tiers.backend.image.tag")
    assert found["value"] == {
        "file": "values/prod.yaml",
        "line": 11,
        "column": 12,
        "value": "2.0.1",
        "shown": True,
    }
    backend = {"group": "apps", "kind": "Deployment", "namespace": "app", "name": "backend"}
    assert found["reaches"] == [{"object": backend, "field": IMAGE, "effect": "changed"}]
    assert (found["overridden"], found["default"], found["unknown"]) == ([], None, [])
    assert found["description"].startswith("The tag")


def test_a_key_that_is_not_set(example: Repository) -> None:
    """It gets the example of the schema."""
    text = explained(example, "prod", "tiers.backend.podLabels")
    assert "  is not set\n" in text
    assert "    spec.template.metadata.labels.team (added)\n" in text


def test_a_key_whose_changes_are_refused_is_not_called_without_effect(example: Repository) -> None:
    text = explained(example, "prod", "postgres.enabled")
    assert "What a change of it changes is not known: the rule tier-database refuses" in text


def test_a_field_has_the_lines_behind_it(example: Repository) -> None:
    text = explained(example, "prod", f"Deployment/backend:{IMAGE}")
    first, second = text.splitlines()[3:5]
    assert first == "  values/prod.yaml:11:12: tiers.backend.image.tag (the environment)"
    assert second.startswith("  values/base.yaml:15:19: tiers.backend.image.repository")


@pytest.mark.parametrize(
    ("field", "path"),
    [
        ("Application/cert-manager:spec.source.targetRevision", "addons.cert-manager.version"),
        ("Application/root:spec.source.targetRevision", "repository.revision"),
        ("service/app/postgres:spec.externalName", "postgres.namespace"),
        ("Deployment.apps/frontend:spec.replicas", "tiers.frontend.replicas"),
    ],
)
def test_objects_of_every_kind(example: Repository, field: str, path: str) -> None:
    assert as_json(example, "prod", field)["lines"][0]["path"] == path


REFUSED = [
    (("prud", "tiers"), "no such file; the environments here are: dev, prod; did you mean 'prod'?"),
    (("prod", "tiers.backend.imag"), "tiers.backend has no such key; did you mean 'image'?"),
    (("prod", "teirs"), "the root of the values has no such key; did you mean 'tiers'?"),
    (("prod", "tiers..a"), "is not a path such as tiers.backend.args[0]"),
    (("prod", "Deploymen/backend"), "did you mean 'Deployment/backend'?"),
    (
        ("prod", "Service/postgres"),
        "is the name of several objects; write one of Service/app/postgres, "
        "Service/database/postgres",
    ),
    (
        ("prod", "Deployment/backend:spec.revisionHistoryLimi"),
        "has no such field, and no value sets it; did you mean 'spec.revisionHistoryLimit'?",
    ),
    (("prod", "a", "b"), "expected RULE or CLASS, or ENV and one KEY or KIND/NAME[:FIELD]"),
]


@pytest.mark.parametrize(("words", "message"), REFUSED, ids=lambda part: str(part)[:30])
def test_what_does_not_exist_is_refused(
    example: Repository, words: tuple[str, ...], message: str
) -> None:
    done = example.run("explain", *words)
    assert done.returncode == 2
    assert message in done.stderr
    assert done.stdout == ""


def test_invalid_values_are_refused(repository: Repository) -> None:
    repository.edit("values/dev.yaml", "replicas: 1", "replicas: many")
    done = repository.run("explain", "dev", "tiers.backend.image.tag")
    assert done.returncode == 2
    assert "values/dev.yaml:7:15: tiers.frontend.replicas: 'many' is not an integer" in done.stderr
    done = repository.run("explain", "dev", "tiers.backend.image.tag", "--format", "json")
    assert done.returncode == 2
    assert json.loads(done.stdout)["findings"][0]["rule"] == "schema"


def test_a_value_that_may_be_a_secret_is_not_shown(repository: Repository) -> None:
    """It is allowed in the values if a comment excuses it."""
    line = "    env: {DB_PASSWORD: Zqhunter42}  # allow: plaintext-secret It is public.\n"
    repository.edit("values/dev.yaml", "  backend:\n", f"  backend:\n{line}")
    for words in (
        ("tiers.backend.env.DB_PASSWORD",),
        ("tiers.backend.env",),
        ("tiers.backend",),
        ("Deployment/backend",),
        ("tiers.backend.env.DB_PASSWORD", "--format", "json"),
        ("tiers.backend", "--format", "json"),
    ):
        text = explained(repository, "dev", *words)
        assert "Zqhunter" not in text, words
    found = as_json(repository, "dev", "tiers.backend.env.DB_PASSWORD")
    assert (found["value"]["value"], found["value"]["shown"]) == (None, False)
    cached = Path(repository.root, ".gitops-gen/provenance")
    assert all("Zqhunter" not in path.read_text() for path in cached.iterdir())
    shutil.rmtree(cached)


@pytest.mark.parametrize("change_class", change_classes(), ids=lambda one: one.id)
def test_each_class_of_changes_can_be_explained(
    example: Repository, change_class: ChangeClass
) -> None:
    text = explained(example, change_class.id)
    assert text.startswith(f"{change_class.id}: a class of changes, ")
    assert "".join(change_class.remedy.split()) in "".join(text.split())
    assert as_json(example, change_class.id)["rank"] == change_class.rank


def test_no_class_has_the_id_of_a_rule() -> None:
    assert rules().keys().isdisjoint(one.id for one in change_classes())
