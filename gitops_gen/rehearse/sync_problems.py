"""Argo CD's reports about Applications: conditions, failed syncs and unhealthy objects."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from gitops_gen.model import ObjectId, Values
from gitops_gen.objects.reading import APPLICATION, EnvironmentObjects
from gitops_gen.rehearse.result import ObjectReference, Remark, RemarkVerdict
from gitops_gen.rehearse.revision_facts import RevisionFacts
from gitops_gen.rehearse.status_resources import manifest_of, reference

ARGOCD = "Argo CD"
_WARNINGS = ("Warning",)
_NOT_HEALTHY = ("Progressing", "Degraded")

Reasons = Callable[[ObjectId], Sequence[str]]
"""Returns why an object is not Healthy, according to the Events of the cluster."""


def sync_problems(
    applications: Mapping[str, Values],
    tree: EnvironmentObjects,
    facts: RevisionFacts,
    reasons: Reasons = lambda _identity: (),
) -> tuple[Remark, ...]:
    reporter = _Reporter(tree, facts, reasons)
    remarks = (
        remark for value in applications.values() for remark in reporter.of_application(value)
    )
    return tuple(dict.fromkeys(remarks))


@dataclass(frozen=True, slots=True)
class _Reporter:
    tree: EnvironmentObjects
    facts: RevisionFacts
    reasons: Reasons

    def of_application(self, application: Values) -> Iterator[Remark]:
        status = application.get("status") or {}
        yield from self._conditions(application["metadata"], status.get("conditions") or ())
        yield from self._not_healthy(status.get("resources") or ())
        result = (status.get("operationState") or {}).get("syncResult") or {}
        yield from self._not_synced(result.get("resources") or ())

    def _conditions(self, metadata: Values, conditions: Sequence[Values]) -> Iterator[Remark]:
        name = metadata["name"]
        identity = ObjectId(*APPLICATION, metadata["namespace"], name)
        manifest = manifest_of(self.tree, identity)
        file, line = manifest.file if manifest else None, self.facts.position(name)
        subject = ObjectReference(identity, f"{identity.group}/v1alpha1")
        for condition in conditions:
            kind = str(condition.get("type"))
            verdict = RemarkVerdict.WARNED if kind.endswith(_WARNINGS) else RemarkVerdict.REFUSED
            message = f"{kind}: {condition.get('message')}"
            yield Remark(verdict, ARGOCD, subject, message, file, line)

    def _not_healthy(self, resources: Sequence[Values]) -> Iterator[Remark]:
        for resource in resources:
            health = resource.get("health") or {}
            # The health of a child Application is reported by its own objects in more detail.
            if health.get("status") in _NOT_HEALTHY and resource.get("kind") != APPLICATION[1]:
                yield self._unhealthy(resource, health)

    def _unhealthy(self, resource: Values, health: Values) -> Remark:
        """Returns a remark with the line of the values that the Events refer to.

        Argo CD's message is not used for this, because it may only state the progress ("0 of 2
        replicas").
        """
        reasons = self.reasons(reference(resource).id)
        texts = [str(text) for text in (health.get("message"), *reasons) if text]
        message = f"is {health['status']}: " + ("\n".join(texts) or "Argo CD reports no reason")
        remark = self._refused(resource, "\n".join(reasons))
        return replace(remark, message=message, verdict=RemarkVerdict.UNHEALTHY)

    def _not_synced(self, results: Sequence[Values]) -> Iterator[Remark]:
        for result in results:
            failed_hook = result.get("hookPhase") in ("Failed", "Error")
            if result.get("status") == "SyncFailed" or failed_hook:
                yield self._refused(result, str(result.get("message")))

    def _refused(self, resource: Values, message: str) -> Remark:
        subject = reference(resource)
        manifest = manifest_of(self.tree, subject.id)
        if manifest is None:
            return Remark(RemarkVerdict.REFUSED, ARGOCD, subject, message)
        line = self.facts.section_of(manifest)
        named = ObjectReference.to(manifest)
        return Remark(RemarkVerdict.REFUSED, ARGOCD, named, message, manifest.file, line)
