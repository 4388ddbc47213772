"""Terraform's facts -> the layer values/clusters/<env>.json, once the environment admits them."""

from __future__ import annotations

import json
from collections.abc import Container, Iterator
from dataclasses import dataclass
from typing import Any

from gitops_gen import yaml
from gitops_gen.components import handed_over
from gitops_gen.components.addon_roles import wanted_roles
from gitops_gen.errors import InvalidInput
from gitops_gen.inputs import chosen
from gitops_gen.inputs.excuse_use import ExcuseUse
from gitops_gen.inputs.files import cluster_file
from gitops_gen.model import (
    Document,
    Environment,
    Excused,
    Finding,
    Path,
    Related,
    Rule,
    Severity,
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
NO_ROLE = Rule(
    "addon-role",
    title="An add-on that uses AWS has an AWS role",
    why="Without a role the add-on's Pods may do nothing in AWS.",
    remedy="Add the role to `addon_roles` in terraform/infra, apply and import again. If the "
    "add-on has a role of your own, excuse the finding.",
    severity=Severity.WARNING,
    excusable=True,
)

_IDENTITY = {"accountId": "accountId", "region": "region", "clusterName": "name"}
"""Facts that tell one cluster from another -> their keys in `cluster`."""


@dataclass(frozen=True, slots=True)
class FactChange:
    """One fact: what it was (None: nothing) and what it is now."""

    path: Path
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class ImportedFacts:
    """`data` is what `file` is to hold, if there are changes; it is the caller who writes."""

    file: str
    data: bytes
    changes: tuple[FactChange, ...]
    warnings: tuple[Finding, ...]
    excused: tuple[Excused, ...]
    before: Values
    """What the file holds now: anything, as far as it is known."""
    after: Values


def import_cluster(root: str, name: str, output: bytes, source: str) -> ImportedFacts:
    """`output` is what Terraform printed, `source` what messages call it.

    Raises InvalidInput for facts that are wrong, that are another cluster's, or that make an
    environment which is not valid or, where they are new, one that cannot be rendered.
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
    made = _roles_made(facts)
    kept, use = _role_findings(loaded.environment, made)
    workspace.require_needed_excuses([use], lambda name: _possible_use(workspace, name))
    warnings, excused = (*loaded.warnings, *kept), (*loaded.excused, *use.excused)
    return ImportedFacts(file, data, changes, warnings, excused, old, values)


def layer(facts: Values) -> Values:
    """The facts where values have them."""
    vpc = {key: value for key, value in facts["vpc"].items() if key != "zones"}
    cluster = {
        "name": facts["clusterName"],
        "eksAddons": sorted(facts["addons"]),
        "vpc": vpc,
        **{key: facts[key] for key in ("accountId", "region", "kubernetesVersion", "volumeTag")},
    }
    # Absent from terraform/ of earlier versions.
    cluster |= {key: facts[key] for key in ("nodes", "nodeEgress", "podPorts") if key in facts}
    return {"cluster": cluster, **handed_over(facts)}


def _present(root: str, file: str) -> Document | None:
    """What an earlier import wrote."""
    present = WorkTree(root)
    return yaml.parse(present.read(file), file) if present.exists(file) else None


def _of_another_cluster(facts: Environment, before: Document | None) -> Iterator[Finding]:
    """Against what files written by hand say, the loader holds the layer."""
    recorded = before.value.get("cluster") if before else None
    if before is None or not isinstance(recorded, dict):
        return
    for fact, key in _IDENTITY.items():
        if key in recorded and recorded[key] != facts.values[fact]:
            text = (
                f"'{facts.values[fact]}' is not this environment's, which is '{recorded[key]}' "
                f"({before.values['cluster', key]}); import from its own state. "
                "If the environment moves to this cluster, remove that file first"
            )
            related = (Related(before.values["cluster", key], "the environment's cluster"),)
            yield facts.finding(ANOTHER_CLUSTER, (fact,), text, related=related)


def _role_findings(
    environment: Environment, made: Container[str]
) -> tuple[tuple[Finding, ...], ExcuseUse]:
    """What counts of the findings, and what of them is excused."""
    kept, excused = environment.split(_without_role(environment, made))
    return kept, ExcuseUse(environment, frozenset({NO_ROLE}), excused)


def _possible_use(workspace: Workspace, name: str) -> ExcuseUse | None:
    """What another environment excuses if Terraform makes no role for it: nobody knows here."""
    loaded = workspace.examine(name)
    return _role_findings(loaded.environment, ())[1] if loaded.matches_schema else None


def _without_role(environment: Environment, made: Container[str]) -> Iterator[Finding]:
    """Add-ons that are on and whose Pods may do nothing in AWS."""
    for section, role in wanted_roles(environment):
        if role.name not in made:
            text = (
                "is on, but Terraform makes no AWS role for it; add it to addon_roles in "
                f'terraform/infra (addon_roles = ["{role.name}"]), if it has none of your own'
            )
            path = (*section, "enabled")
            yield environment.finding(NO_ROLE, path, text)


def _roles_made(facts: Environment) -> list[str]:
    """terraform/ of an earlier version knows one role alone that is optional."""
    earlier = ["external-secrets"] if facts.values["externalSecrets"] else []
    roles: list[str] = facts.get("addonRoles", default=earlier)
    return roles


def _changes(old: Any, new: Any, path: Path = ()) -> Iterator[FactChange]:
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted({*old, *new}):
            yield from _changes(old.get(key), new.get(key), (*path, key))
    elif isinstance(old, dict) or isinstance(new, dict):
        yield from _changes(old if isinstance(old, dict) else {}, new or {}, path)
    elif old != new:
        yield FactChange(path, old, new)
