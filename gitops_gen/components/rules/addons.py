"""What holds for every add-on from an upstream chart."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.components import Folder
from gitops_gen.components.capabilities import eks_addons
from gitops_gen.model import Environment, Finding, Path, Rule

OWNED_VALUE = Rule(
    "addon-value",
    title="The values that the platform relies on stay as they are",
    why="Other components, the AppProject or Terraform rely on some values of an add-on's chart, "
    "and would fail if these were changed.",
    remedy="Remove the value. docs/add-ons.md lists what can be changed, and what cannot.",
)
INSTALLED_TWICE = Rule(
    "addon-installed-twice",
    title="An add-on is installed by EKS or by Argo CD, not by both",
    why="Both would write the same objects, and each would undo what the other wrote.",
    remedy="Switch the add-on off in the values (`enabled: false`), or remove the EKS add-on in "
    "Terraform and import the cluster again.",
)


def findings(environment: Environment, folder: Folder) -> Iterator[Finding]:
    addon = folder.addon
    if addon is not None and environment.enabled(*addon.section):
        yield from installed_twice(environment, addon.section)
        for path, text in addon.refused_values(environment).items():
            yield environment.finding(OWNED_VALUE, (*addon.section, "values", *path), text)


def installed_twice(environment: Environment, section: tuple[str, ...]) -> Iterator[Finding]:
    """EKS itself (through Terraform) and Argo CD would fight over the same objects."""
    for index, name in enumerate(eks_addons(environment)):
        if name == section[-1]:
            path: Path = (*section, "enabled")
            if not environment.written(*path):
                path = ("cluster", "eksAddons", index)
            text = f"'{name}' is an EKS add-on of this cluster already (cluster.eksAddons); "
            text += f"switch it off here ({'.'.join(section)}.enabled: false) or in Terraform"
            yield environment.finding(INSTALLED_TWICE, path, text)
