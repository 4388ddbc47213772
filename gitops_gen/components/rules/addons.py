"""Rules for every add-on from an upstream chart."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.components import Folder
from gitops_gen.components.capabilities import eks_addons
from gitops_gen.model import Environment, Finding, Path, Rule

OWNED_VALUE = Rule(
    "addon-value",
    title="Values of an add-on that other components rely on are not changed",
    why="Other components, the AppProject or Terraform rely on some values of an add-on's chart, "
    "and would fail if they were changed.",
    remedy="Remove the value. docs/add-ons.md lists what can be changed, and what cannot.",
)
INSTALLED_TWICE = Rule(
    "addon-installed-twice",
    title="An add-on is installed by EKS or by Argo CD, not by both",
    why="Both would manage the same objects, and each would undo the changes of the other.",
    remedy="Disable the add-on in the values (`enabled: false`), or remove the EKS add-on in "
    "Terraform and import the cluster again.",
)


def findings(environment: Environment, folder: Folder) -> Iterator[Finding]:
    addon = folder.addon
    if addon is not None and environment.enabled(*addon.section):
        yield from installed_twice(environment, addon.section)
        for path, text in addon.refused_values(environment).items():
            yield environment.finding(OWNED_VALUE, (*addon.section, "values", *path), text)


def installed_twice(environment: Environment, section: tuple[str, ...]) -> Iterator[Finding]:
    """Yields a finding for an add-on that is also an EKS add-on of the cluster."""
    for index, name in enumerate(eks_addons(environment)):
        if name == section[-1]:
            path: Path = (*section, "enabled")
            if not environment.written(*path):
                path = ("cluster", "eksAddons", index)
            text = f"'{name}' is already an EKS add-on of this cluster (cluster.eksAddons); "
            text += f"disable it here ({'.'.join(section)}.enabled: false) or in Terraform"
            yield environment.finding(INSTALLED_TWICE, path, text)
