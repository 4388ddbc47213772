"""Rules for every add-on from an upstream chart."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.components import Folder, catalogue
from gitops_gen.components.capabilities import eks_addons
from gitops_gen.model import Environment, Finding, Path, Rule, Severity

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

NO_ROLE = Rule(
    "addon-role",
    title="An add-on that uses AWS has an IAM role",
    why="Without an IAM role, AWS denies all requests of the add-on's Pods.",
    remedy="Add the role to `addon_roles` in terraform/infra, run `terraform apply` and import the "
    "output again. If you created a role for the add-on yourself, excuse the finding.",
    severity=Severity.WARNING,
    excusable=True,
)


def findings(environment: Environment, folder: Folder) -> Iterator[Finding]:
    yield from _without_role(environment, folder)
    addon = folder.addon
    if addon is not None and environment.enabled(*addon.section):
        yield from installed_twice(environment, addon.section)
        for path, text in addon.refused_values(environment).items():
            yield environment.finding(OWNED_VALUE, (*addon.section, "values", *path), text)


def rules_not_applied(environment: Environment) -> frozenset[Rule]:
    """Returns the rules that cannot be applied, because the roles of Terraform are not known."""
    if _created_roles(environment) is not None:
        return frozenset()
    wanted = any(_wants_role(environment, folder) for folder in catalogue())
    return frozenset({NO_ROLE}) if wanted else frozenset()


def _created_roles(environment: Environment) -> list[str] | None:
    roles: list[str] | None = environment.get("cluster", "addonRoles")
    return roles


def _without_role(environment: Environment, folder: Folder) -> Iterator[Finding]:
    """Yields a finding for an enabled add-on whose IAM role Terraform did not create."""
    created, role = _created_roles(environment), folder.aws_role
    if created is None or role is None or not _wants_role(environment, folder):
        return
    if role.name not in created:
        text = (
            "is enabled, but Terraform creates no IAM role for it; add it to addon_roles in "
            f'terraform/infra (addon_roles = ["{role.name}"]), unless you created a role for it'
        )
        yield environment.finding(NO_ROLE, (*folder.section, "enabled"), text)


def _wants_role(environment: Environment, folder: Folder) -> bool:
    role = folder.aws_role
    return role is not None and role.optional and environment.enabled(*folder.section)


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
