"""The rule for add-ons whose charts must contain the same version of an application."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.components import Folder, catalogue
from gitops_gen.components.addon import Addon
from gitops_gen.components.delivery import locked_app_version
from gitops_gen.model import Environment, Finding, Rule, Severity

APP_VERSION = Rule(
    "addon-app-version",
    title="Charts of one application contain the same version of it",
    why="One chart contains the CustomResourceDefinitions of the operator in the other one. With "
    "older definitions, the API server drops fields that the operator needs; with newer ones, the "
    "operator ignores fields.",
    remedy="Remove both versions, so that the tested pair is used, or choose versions of the "
    "charts with the same appVersion, and lock them. If the versions work together, excuse the "
    "finding.",
    severity=Severity.WARNING,
    excusable=True,
    bad="""\
addons:
  kube-prometheus-stack: {version: 99.0.0}
  prometheus-operator-crds: {version: 20.0.0}
""",
    good="""\
addons:
  kube-prometheus-stack: {enabled: true}
  prometheus-operator-crds: {enabled: true}
""",
)


def findings(environment: Environment, folder: Folder) -> Iterator[Finding]:
    addon = folder.addon
    if addon is None or addon.same_app_version_as is None:
        return
    partner = next(one.addon for one in catalogue() if one.section == addon.same_app_version_as)
    if partner and environment.enabled(*addon.section) and environment.enabled(*partner.section):
        yield from _of_pair(environment, addon, partner)


def _of_pair(environment: Environment, addon: Addon, partner: Addon) -> Iterator[Finding]:
    pair = (addon, partner)
    written = [one for one in pair if environment.written(*one.section, "version")]
    # The finding is at the version that the user chose.
    first = written[0] if written else addon
    second = partner if first is addon else addon
    versions = [locked_app_version(environment, one.pin(environment)) for one in (first, second)]
    if None not in versions and versions[0] != versions[1]:
        text = f"contains {versions[0]}, but {_label(environment, second)} contains {versions[1]}"
        yield _finding(environment, first, f"{text}; choose versions with the same appVersion")
    elif None in versions and written:
        text = (
            f"is not tested with {_label(environment, second)}; remove the version, or make sure "
            "that both contain the same version of the application and excuse the finding"
        )
        yield _finding(environment, first, text)


def _finding(environment: Environment, addon: Addon, text: str) -> Finding:
    path = (*addon.section, "version")
    return environment.finding(APP_VERSION, path, f"'{environment.get(*path)}' {text}")


def _label(environment: Environment, addon: Addon) -> str:
    return f"{addon.section[-1]} {environment.get(*addon.section, 'version')}"
