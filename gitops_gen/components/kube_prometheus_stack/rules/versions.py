"""The rule for the versions of the stack and of its CustomResourceDefinitions."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.model import Environment, Finding, Rule, Severity

STACK = ("addons", "kube-prometheus-stack")
CRDS = ("addons", "prometheus-operator-crds")
VERSIONS = Rule(
    "monitoring-crd-version",
    title="kube-prometheus-stack and prometheus-operator-crds belong together",
    why="Both charts contain one version of the Prometheus operator. With older CRDs, the API "
    "server drops fields that the operator needs; with newer ones, the operator ignores fields.",
    remedy="Remove both versions, so that the tested pair is used. Otherwise choose versions with "
    "the same appVersion of the operator, and excuse the finding.",
    severity=Severity.WARNING,
    excusable=True,
)


def findings(environment: Environment) -> Iterator[Finding]:
    if not (environment.enabled(*STACK) and environment.enabled(*CRDS)):
        return
    for section, partner in ((STACK, CRDS), (CRDS, STACK)):
        path = (*section, "version")
        if environment.written(*path):
            text = (
                f"'{environment.get(*path)}' is not tested with {partner[-1]} "
                f"{environment.get(*partner, 'version')}; remove the version, or make sure that "
                "both contain the same version of the Prometheus operator and excuse the finding"
            )
            yield environment.finding(VERSIONS, path, text)
            return
