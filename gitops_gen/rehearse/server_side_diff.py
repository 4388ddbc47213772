"""Applications in which Argo CD would show a refused change as Synced.

With server-side diff, Argo CD compares by a dry run on the API server. If the dry run is refused,
the next comparison uses an empty result from the cache: docs/upstream/argo-cd-28722.md.
"""

from __future__ import annotations

from gitops_gen.model import Values
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.objects.reading import EnvironmentObjects, is_application
from gitops_gen.rehearse.result import ObjectReference, Remark, RemarkVerdict
from gitops_gen.rehearse.revision_facts import RevisionFacts
from gitops_gen.rehearse.servers import versions
from gitops_gen.rehearse.servers.argocd import SERVER_SIDE_DIFF, Settings

BY = "gitops-gen"
COMPARE = "argocd.argoproj.io/compare-options"
ON, OFF = "ServerSideDiff=true", "ServerSideDiff=false"
APPLY = "ServerSideApply=true"
SINCE = "3.6"
"""The first version of Argo CD in which server-side apply enables server-side diff."""


def server_side_diff_warnings(
    tree: EnvironmentObjects, facts: RevisionFacts, settings: Settings, argocd: str | None
) -> tuple[Remark, ...]:
    """Returns a warning about each such Application; `argocd` is the version of Argo CD."""
    applications = (item for item in tree if is_application(item.id))
    reasons = ((item, _reason(item.value, settings, argocd)) for item in applications)
    return tuple(_remark(item, facts, reason) for item, reason in reasons if reason)


def _reason(application: Values, settings: Settings, argocd: str | None) -> str:
    """Returns what enables server-side diff; empty if it is disabled."""
    options = _compare_options(application)
    if OFF in options:
        return ""
    if ON in options:
        return f"its annotation {COMPARE} contains {ON}"
    if settings.server_side_diff:
        return f'the settings of Argo CD contain {SERVER_SIDE_DIFF}: "true"'
    if APPLY in _sync_options(application) and versions.at_least(argocd, SINCE):
        return f"since Argo CD {SINCE}, {APPLY} enables server-side diff"
    return ""


def _compare_options(application: Values) -> list[str]:
    annotations = (application.get("metadata") or {}).get("annotations") or {}
    return [option.strip() for option in str(annotations.get(COMPARE) or "").split(",")]


def _sync_options(application: Values) -> list[str]:
    policy = (application.get("spec") or {}).get("syncPolicy") or {}
    return list(policy.get("syncOptions") or ())


def _remark(item: KubeObject, facts: RevisionFacts, reason: str) -> Remark:
    message = (
        "Argo CD would show this Application as Synced although the API server refuses a change, "
        f"because {reason}; set the annotation {COMPARE}: {OFF}, as gitops-gen render does"
    )
    line = facts.position(item.id.name)
    return Remark(RemarkVerdict.WARNED, BY, ObjectReference.to(item), message, item.file, line)
