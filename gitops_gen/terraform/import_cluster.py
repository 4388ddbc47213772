"""Converts Terraform's facts into the values layer values/clusters/<env>.json and validates it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from gitops_gen import yaml
from gitops_gen.components import handed_over
from gitops_gen.errors import InvalidInput
from gitops_gen.inputs import chosen
from gitops_gen.inputs.files import cluster_file
from gitops_gen.inputs.placeholders import is_placeholder
from gitops_gen.model import (
    Document,
    Environment,
    Excused,
    Finding,
    Path,
    Related,
    Rule,
    Values,
)
from gitops_gen.revisions import Overlay, WorkTree
from gitops_gen.terraform.facts import read
from gitops_gen.workspace import Workspace

ANOTHER_CLUSTER = Rule(
    "another-cluster",
    title="Imported facts belong to the environment's cluster",
    why="The environment would be rendered for the cluster of another environment.",
    remedy="Import the output of the environment's own Terraform state. If the environment moves "
    "to another cluster, remove its file in values/clusters/ first.",
)
_IDENTITY = {"accountId": "accountId", "region": "region", "clusterName": "name"}
"""The facts that identify a cluster, with their keys in `cluster`."""


@dataclass(frozen=True, slots=True)
class FactChange:
    """The old and the new value of one fact; None if there is no value."""

    path: Path
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class ImportedFacts:
    """The result of an import. If there are changes, the caller must write `data` to `file`."""

    file: str
    data: bytes
    changes: tuple[FactChange, ...]
    warnings: tuple[Finding, ...]
    excused: tuple[Excused, ...]
    before: Values
    """The present content of the file, which is not validated."""
    after: Values


def import_cluster(root: str, name: str, output: bytes, source: str) -> ImportedFacts:
    """Imports Terraform's `output`, which messages call `source`.

    Raises InvalidInput for facts that are wrong or belong to another cluster, and if they make the
    environment invalid. New facts must also result in an environment that can be rendered.
    """
    chosen(WorkTree(root), [name])
    facts = read(output, source)
    file = cluster_file(name)
    before = _present(root, file)
    if contradictions := list(_of_another_cluster(facts, before)):
        raise InvalidInput(contradictions)
    values = layer(facts.values)
    data = (json.dumps(values, indent=2, sort_keys=True) + "\n").encode()
    old: Values = before.value if before else {}
    changes = tuple(_changes(old, values))
    workspace = Workspace(Overlay(WorkTree(root), {file: data}))
    loaded = workspace.load_to_render(name) if changes else workspace.load(name)
    return ImportedFacts(file, data, changes, loaded.warnings, loaded.excused, old, values)


def layer(facts: Values) -> Values:
    """Returns the values layer that contains the facts."""
    cluster = {
        "name": facts["clusterName"],
        "eksAddons": sorted(facts["addons"]),
        "addonRoles": _created_roles(facts),
        "vpc": facts["vpc"],
        **{key: facts[key] for key in ("accountId", "region", "kubernetesVersion", "volumeTag")},
    }
    # These facts are absent from the output of earlier versions, and there may be no tags.
    optional = ("nodes", "nodeEgress", "podPorts", "tags")
    cluster |= {key: facts[key] for key in optional if facts.get(key)}
    return {"cluster": cluster, **handed_over(facts)}


def _present(root: str, file: str) -> Document | None:
    """Returns the file that an earlier import wrote, or None."""
    present = WorkTree(root)
    return yaml.parse(present.read(file), file) if present.exists(file) else None


def _of_another_cluster(facts: Environment, before: Document | None) -> Iterator[Finding]:
    """Compares the facts with the previous import, except for the placeholders of `init`.

    The loader compares the layer with the values that were written by hand.
    """
    recorded = before.value.get("cluster") if before else None
    if before is None or not isinstance(recorded, dict):
        return
    for fact, key in _IDENTITY.items():
        is_fact = key in recorded and not is_placeholder(recorded[key])
        if is_fact and recorded[key] != facts.values[fact]:
            text = (
                f"'{facts.values[fact]}' is not the {fact} of this environment, which is "
                f"'{recorded[key]}' ({before.values['cluster', key]}); import the output of the "
                "environment's own Terraform state. If the environment moves to this cluster, "
                "remove that file first"
            )
            related = (Related(before.values["cluster", key], "the environment's cluster"),)
            yield facts.finding(ANOTHER_CLUSTER, (fact,), text, related=related)


def _created_roles(facts: Values) -> list[str]:
    """Returns the add-ons for which Terraform created an IAM role.

    Earlier versions of terraform/ support only one optional role.
    """
    earlier = ["external-secrets"] if facts["externalSecrets"] else []
    return sorted(facts.get("addonRoles", earlier))


def _changes(old: Any, new: Any, path: Path = ()) -> Iterator[FactChange]:
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted({*old, *new}):
            yield from _changes(old.get(key), new.get(key), (*path, key))
    elif isinstance(old, dict) or isinstance(new, dict):
        yield from _changes(old if isinstance(old, dict) else {}, new or {}, path)
    elif old != new:
        yield FactChange(path, old, new)
