"""Applications in which Argo CD would show a refused change as Synced.

With server-side diff, Argo CD compares by a dry run on the API server. Where that is refused, the
next comparison takes an empty result from the cache: docs/upstream/argo-cd-28722.md.
"""

from __future__ import annotations

from gitops_gen.model import Values
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.objects.reading import EnvironmentObjects, is_application
from gitops_gen.rehearse.result import ObjectReference, Remark, Verdict
from gitops_gen.rehearse.revision_facts import RevisionFacts
from gitops_gen.rehearse.servers import versions
from gitops_gen.rehearse.servers.argocd import SERVER_SIDE_DIFF, Settings

BY = "gitops-gen"
COMPARE = "argocd.argoproj.io/compare-options"
ON, OFF = "ServerSideDiff=true", "ServerSideDiff=false"
APPLY = "ServerSideApply=true"
SINCE = "3.6"
"""The version of Argo CD from which on server-side apply selects server-side diff."""


def server_side_diff_warnings(
    tree: EnvironmentObjects, facts: RevisionFacts, settings: Settings, argocd: str | None
) -> tuple[Remark, ...]:
    """A warning about each such Application; `argocd` is the version that runs."""
    applications = (item for item in tree if is_application(item.id))
    reasons = ((item, _reason(item.value, settings, argocd)) for item in applications)
    return tuple(_remark(item, facts, reason) for item, reason in reasons if reason)


def _reason(application: Values, settings: Settings, argocd: str | None) -> str:
    """What selects server-side diff; empty where nothing does."""
    options = _compare_options(application)
    if OFF in options:
        return ""
    if ON in options:
        return f"its annotation {COMPARE} says {ON}"
    if settings.server_side_diff:
        return f'the settings of Argo CD say {SERVER_SIDE_DIFF}: "true"'
    if APPLY in _sync_options(application) and versions.at_least(argocd, SINCE):
        return f"{APPLY} selects server-side diff from Argo CD {SINCE} on"
    return ""


def _compare_options(application: Values) -> list[str]:
    annotations = (application.get("metadata") or {}).get("annotations") or {}
    return [option.strip() for option in str(annotations.get(COMPARE) or "").split(",")]


def _sync_options(application: Values) -> list[str]:
    policy = (application.get("spec") or {}).get("syncPolicy") or {}
    return list(policy.get("syncOptions") or ())


def _remark(item: KubeObject, facts: RevisionFacts, reason: str) -> Remark:
    message = (
        "Argo CD would show a change in it that the API server refuses as Synced, because "
        f"{reason}; annotate it {COMPARE}: {OFF}, as gitops-gen render does"
    )
    line = facts.position(item.id.name)
    return Remark(Verdict.WARNED, BY, ObjectReference.to(item), message, item.file, line)
