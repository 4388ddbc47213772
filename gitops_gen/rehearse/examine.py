"""What a phase came to, read from the events of its time and from where things stand after it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from gitops_gen.model import Values
from gitops_gen.rehearse.applications import State, state
from gitops_gen.rehearse.known import Known, KnownComponent
from gitops_gen.rehearse.manifests import Manifest, Manifests
from gitops_gen.rehearse.result import (
    Change,
    Drift,
    Edge,
    Field,
    Identity,
    Kind,
    Remark,
    Step,
    Verdict,
)
from gitops_gen.rehearse.watch import Event, content, paths

ARGOCD = "Argo CD"
DIFFERS = "differs from Git"
ABSENT = "is not in the cluster"
NEXT = "\n"
"""Between the lines of a remark."""
_LONGEST = 200
_WARNINGS = ("Warning",)
_UNWELL = ("Progressing", "Degraded")


@dataclass(frozen=True, slots=True)
class Moments:
    """When an Application came to what, in seconds since the phase began."""

    began: float | None = None
    synced: float | None = None
    healthy: float | None = None


def moments(events: Iterable[Event], begin: float, revision: str) -> dict[str, Moments]:
    found: dict[str, Moments] = {}
    for event in events:
        if event.object.kind != "Application" or event.what == "DELETED":
            continue
        own = found.get(event.object.name, Moments())
        at = round(event.at - begin, 2)
        found[event.object.name] = _next(own, event, at, revision)
    return found


def _next(own: Moments, event: Event, at: float, revision: str) -> Moments:
    now = state(event.after)
    before = state(event.before) if event.before else None
    started = before is None or now.operations != before.operations
    began = own.began if own.began is not None or not started else at
    here = now.sync == "Synced" and now.revision == revision and not now.running
    synced = (own.synced if own.synced is not None else at) if here else own.synced
    whole = here and now.health == "Healthy"
    healthy = (own.healthy if own.healthy is not None else at) if whole else own.healthy
    return Moments(began, synced, healthy)


def steps(
    applications: Mapping[str, State],
    when: Mapping[str, Moments],
    manifests: Manifests,
    known: Known,
    left_out: Iterable[str],
) -> tuple[Step, ...]:
    """In the order of the waves. What root never came to is there, without times."""
    skipped = set(left_out)
    found = []
    for item in manifests.applications:
        name = item.object.name
        if item.object.kind != "Application" or name in skipped:
            continue
        now, times = applications.get(name), when.get(name, Moments())
        text, message = (str(now), "" if now.at_rest else now.message) if now else ("absent", "")
        place = known.position(name)
        moment = (times.began, times.synced, times.healthy)
        found.append(Step(name, item.wave, *moment, text, message, place))
    return tuple(sorted(found, key=lambda step: (step.wave, step.component)))


def refusals(
    applications: Mapping[str, Values],
    manifests: Manifests,
    known: Known,
    why: Callable[[Identity], Sequence[str]] = lambda _identity: (),
) -> tuple[Remark, ...]:
    """What Argo CD could not sync, warns of or finds not Healthy, which `why` explains."""
    found = dict.fromkeys(
        remark for value in applications.values() for remark in _said(value, manifests, known, why)
    )
    return tuple(found)


def _said(
    application: Values,
    manifests: Manifests,
    known: Known,
    why: Callable[[Identity], Sequence[str]],
) -> Iterator[Remark]:
    name, space = application["metadata"]["name"], application["metadata"]["namespace"]
    status = application.get("status") or {}
    own = Identity("argoproj.io/v1alpha1", "Application", space, name)
    item, place = find(manifests, own), known.position(name)
    file = item.file if item else None
    for condition in status.get("conditions") or ():
        kind = str(condition.get("type"))
        verdict = Verdict.WARNED if kind.endswith(_WARNINGS) else Verdict.REFUSED
        yield Remark(verdict, ARGOCD, own, f"{kind}: {condition.get('message')}", file, place)
    operation = status.get("operationState") or {}
    for resource in status.get("resources") or ():
        health = resource.get("health") or {}
        # How a child is, its own objects and the timeline say better.
        if health.get("status") in _UNWELL and resource.get("kind") != "Application":
            yield _unwell(resource, health, manifests, known, why(_identity(resource)))
    for result in (operation.get("syncResult") or {}).get("resources") or ():
        if result.get("status") == "SyncFailed" or result.get("hookPhase") in ("Failed", "Error"):
            yield _remark(result, str(result.get("message")), manifests, known)


def _remark(resource: Values, message: str, manifests: Manifests, known: Known) -> Remark:
    identity = _identity(resource)
    item = find(manifests, identity)
    if item is None:
        return Remark(Verdict.REFUSED, ARGOCD, identity, message)
    values = known.place(item, message)
    return Remark(Verdict.REFUSED, ARGOCD, item.object, message, item.file, values)


def _unwell(
    resource: Values, health: Values, manifests: Manifests, known: Known, why: Sequence[str]
) -> Remark:
    """The reasons lead to the values; how far it came ("0 of 2 replicas") does not."""
    said = [str(text) for text in (health.get("message"), *why) if text]
    text = f"is {health['status']}: {NEXT.join(said) or 'without a reason'}"
    found = _remark(resource, NEXT.join(why), manifests, known)
    return replace(found, message=text, verdict=Verdict.UNHEALTHY)


def _identity(resource: Values) -> Identity:
    """As Argo CD names an object."""
    group = f"{resource['group']}/" if resource.get("group") else ""
    version = f"{group}{resource.get('version')}"
    place = str(resource.get("namespace") or "")
    return Identity(version, str(resource["kind"]), place, str(resource["name"]))


def find(manifests: Manifests, identity: Identity) -> Manifest | None:
    """By group, kind and name; the namespace only where both know one."""
    for item in (*manifests.objects, *manifests.applications):
        own = item.object
        places = {own.namespace, identity.namespace} - {""}
        same = (own.group, own.kind, own.name) == (identity.group, identity.kind, identity.name)
        if same and len(places) < 2:
            return item
    return None


def drift(
    applications: Mapping[str, Values],
    compared: Mapping[str, Sequence[Values]],
    manifests: Manifests,
    known: Known,
) -> tuple[Drift, ...]:
    """What is OutOfSync now, with Argo CD's own comparison of it."""
    found = (
        _drift(name, resource, compared.get(name, ()), manifests, known)
        for name, value in applications.items()
        for resource in (value.get("status") or {}).get("resources") or ()
        if resource.get("status") == "OutOfSync"
    )
    return tuple(item for item in found if item is not None)


def _drift(
    name: str,
    resource: Values,
    compared: Sequence[Values],
    manifests: Manifests,
    known: Known,
) -> Drift | None:
    """None where all that differs is bookkeeping, such as our own asking for a refresh."""
    identity = _identity(resource)
    fields = next((tuple(_fields(c)) for c in compared if _same(c, resource)), ())
    reason = _reason(resource, compared)
    if reason == DIFFERS and not fields and any(_same(c, resource) for c in compared):
        return None
    item = find(manifests, identity)
    message = " ".join(part.path for part in fields)
    values = known.place(item, message) if item else known.position(name)
    return Drift(name, identity, reason, fields, item.file if item else None, values)


def _same(compared: Values, resource: Values) -> bool:
    keys = ("group", "kind", "namespace", "name")
    return all((compared.get(key) or "") == (resource.get(key) or "") for key in keys)


def _reason(resource: Values, compared: Sequence[Values]) -> str:
    if resource.get("requiresPruning"):
        return "is not in Git any more and is not pruned"
    own = next((c for c in compared if _same(c, resource)), None)
    if own and own.get("liveState") in (None, "", "null"):
        return ABSENT
    return DIFFERS


def _fields(compared: Values) -> Iterator[Field]:
    """Argo CD's prediction of a sync against what is live."""
    live = json.loads(compared.get("normalizedLiveState") or "null")
    wanted = json.loads(compared.get("predictedLiveState") or "null")
    if not live or not wanted:
        return
    for path, one, two in paths(content(wanted), content(live)):
        yield Field(path, _shown(one), _shown(two))


def _shown(value: object) -> str | None:
    if value is None:
        return None
    text = value if isinstance(value, str) else json.dumps(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def edges(when: Mapping[str, Moments], known: Known, left_out: Iterable[str]) -> tuple[Edge, ...]:
    """Components that began before what they need was Healthy."""
    skipped = set(left_out)
    found = []
    for component, needs, provider in _dependencies(known):
        if not {provider, component.name} & skipped:
            message = _early(when, component.name, provider)
            if message:
                place = component.position
                found.append(Edge(component.name, needs, provider, message, place))
    return tuple(found)


def _dependencies(known: Known) -> Iterator[tuple[KnownComponent, str, str]]:
    """(component, capability, who provides it)"""
    for component in known.components:
        for needs in sorted(component.requires - component.provides):
            for provider in known.components:
                if needs in provider.provides and provider is not component:
                    yield component, needs, provider.name


def _early(when: Mapping[str, Moments], component: str, provider: str) -> str:
    began = when.get(component, Moments()).began
    healthy = when.get(provider, Moments()).healthy
    if began is None:
        return ""
    if healthy is None:
        return f"{component} began at {began:.1f} s; {provider} was never Healthy"
    if began < healthy:
        return f"{component} began at {began:.1f} s, {provider} was Healthy at {healthy:.1f} s"
    return ""


def changes(events: Sequence[Event], begin: float, ours: frozenset[Identity]) -> tuple[Change, ...]:
    """What was made, changed, replaced, pruned and restarted, in order."""
    found: list[Change] = []
    gone: set[Identity] = set()
    for event in events:
        at = round(event.at - begin, 2)
        if event.object in ours and event.object.kind != "Application":
            change = _change(event, at, gone)
            if change:
                found.append(change)
    found += _restarts(events, begin)
    return tuple(sorted(found, key=lambda change: change.at))


def _change(event: Event, at: float, gone: set[Identity]) -> Change | None:
    if event.what == "DELETED":
        gone.add(event.object)
        return Change(at, Kind.PRUNED, event.object)
    if event.before is None:
        replaced = event.object in gone
        return Change(at, Kind.REPLACED if replaced else Kind.CREATED, event.object)
    if event.after["metadata"].get("deletionTimestamp"):
        return None
    before, after = content(event.before), content(event.after)
    fields = tuple(path for path, _, _ in paths(before, after))
    return Change(at, Kind.CHANGED, event.object, fields) if fields else None


def _restarts(events: Sequence[Event], begin: float) -> Iterator[Change]:
    """Workloads of which a Pod went and another came.

    A rollout is done when old Pods are going: none waits until they are gone.
    """
    went = {owner for e in events if _goes(e) and (owner := workload(e))}
    seen: set[Identity] = set()
    for event in events:
        owner = workload(event) if event.what == "ADDED" else None
        if owner in went and owner not in seen:
            seen.add(owner)
            yield Change(round(event.at - begin, 2), Kind.RESTARTED, owner)


def _goes(event: Event) -> bool:
    return event.what == "DELETED" or "deletionTimestamp" in event.after["metadata"]


def workload(event: Event) -> Identity | None:
    """The Deployment, StatefulSet or DaemonSet whose Pod this is."""
    if event.object.kind != "Pod":
        return None
    metadata = event.after["metadata"]
    owner = next(iter(metadata.get("ownerReferences") or ()), None)
    if owner is None or owner["kind"] == "Job":
        return None
    kind, name = owner["kind"], owner["name"]
    digest = (metadata.get("labels") or {}).get("pod-template-hash")
    if kind == "ReplicaSet" and digest:
        kind, name = "Deployment", name.removesuffix(f"-{digest}")
    return Identity("apps/v1", kind, metadata.get("namespace") or "", name)
