"""Runs a rehearsal inside its own Linux namespaces: starts a sandbox and carries out the plan."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace

from gitops_gen.errors import ToolFailed
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.objects.reading import EnvironmentObjects
from gitops_gen.rehearse.comparison import compare
from gitops_gen.rehearse.dry_run import DryRun, apply, as_served
from gitops_gen.rehearse.full_rehearsal import FullRehearsal
from gitops_gen.rehearse.masking import masked
from gitops_gen.rehearse.placeholder_secrets import namespaces_and_secrets
from gitops_gen.rehearse.plan import Push, RehearsalPlan, subject
from gitops_gen.rehearse.rehearsed_trees import RehearsedTrees, not_rehearsed, read_trees
from gitops_gen.rehearse.result import Figures, Mode, Phase, Rehearsal
from gitops_gen.rehearse.sandbox import Sandbox
from gitops_gen.rehearse.servers import argocd, metrics
from gitops_gen.rehearse.servers.isolation import Note


@dataclass(frozen=True, slots=True)
class SandboxOutcome:
    """The results that were observed in the sandbox."""

    phases: tuple[Phase, ...]
    figures: Figures
    restored: tuple[str, ...] | None = None


def rehearse(plan: RehearsalPlan, progress: Note) -> Rehearsal:
    """Carries out a plan; must run in its own namespaces.

    Raises ToolFailed with the name of the program that failed.
    """
    trees = read_trees(plan)
    sandbox = Sandbox(plan.tools, plan.folder, plan.pushes[-1].facts.region, progress)
    begin = time.monotonic()
    try:
        outcome = _outcome(plan, trees, sandbox)
    except ToolFailed:
        # If a program has ended or hangs, it is the cause of the error.
        sandbox.processes.require_answers()
        raise
    total, memory = round(time.monotonic() - begin, 1), sandbox.processes.memory()
    figures = replace(outcome.figures, total=total, memory=memory)
    return result(plan, trees, replace(outcome, figures=figures))


def result(plan: RehearsalPlan, trees: RehearsedTrees, outcome: SandboxOutcome) -> Rehearsal:
    """Returns the rehearsal with the outcome and the conditions under which it was observed."""
    tree = trees.by_push[plan.pushes[-1].name]
    left_out = not_rehearsed(trees.left_out) if plan.mode is Mode.FULL else trees.left_out
    items = trees.rehearsed(tree, {})
    rehearsal = Rehearsal(
        environment=plan.environment,
        revision=subject(plan.pushes).revision,
        mode=plan.mode,
        phases=outcome.phases,
        sent_objects=len(items),
        argocd_objects=len([item for item in items if item.id.group == argocd.GROUP]),
        left_out=tuple(left_out),
        standins=tuple(_simulated(plan, trees)),
        notes=tuple(dict.fromkeys(_notes(plan, trees))),
        restored=outcome.restored,
        versions=tuple(plan.versions.items()),
        figures=outcome.figures,
    )
    return masked(rehearsal, trees.objects())


def _outcome(plan: RehearsalPlan, trees: RehearsedTrees, sandbox: Sandbox) -> SandboxOutcome:
    begin = time.monotonic()
    if plan.mode is not Mode.DRY_RUN:
        sandbox.prepare(trees.address)
    sandbox.start_control_plane([trees.address.host])
    ready = time.monotonic()
    figures = Figures(control_plane=round(ready - begin, 1))
    if plan.mode is Mode.DRY_RUN:
        return SandboxOutcome((dry_run(plan, trees, sandbox),), figures)
    bootstrap(plan, trees, sandbox)
    figures = replace(figures, argocd=round(time.monotonic() - ready, 1))
    if plan.mode is Mode.REDUCED:
        dry_run_phase = dry_run(plan, trees, sandbox)
        return SandboxOutcome((dry_run_phase, compare(plan, trees, sandbox)), figures)
    with closing(FullRehearsal(plan, trees, sandbox)) as full_rehearsal:
        phases = full_rehearsal.phases()
        if plan.keep:
            sandbox.dump()
        figures = replace(figures, checked=full_rehearsal.checked)
        return SandboxOutcome(phases, figures, full_rehearsal.restored())


def bootstrap(plan: RehearsalPlan, trees: RehearsedTrees, sandbox: Sandbox) -> None:
    """Creates the objects that terraform/bootstrap creates, except the root Application.

    The CRDs are created before the controllers start. The garbage collector discovers new kinds
    only every 30 s; until then, a deleted Application would remain, blocked by its finalizer
    `foregroundDeletion`.
    """
    sandbox.put_crds(argocd.crds(plan.tools.find("argocd"))[0])
    sandbox.stand_in(trees.groups)
    for value in metrics.registration():
        sandbox.put(value)
    sandbox.start_controllers()
    sandbox.start_nodes(trees.groups)
    sandbox.progress("starting Argo CD")
    sandbox.start_argocd(plan.settings)
    namespaces, secrets = namespaces_and_secrets(plan.pushes)
    for name in namespaces:
        sandbox.put_namespace(name)
    for secret in secrets:
        sandbox.put(secret)


def dry_run(plan: RehearsalPlan, trees: RehearsedTrees, sandbox: Sandbox) -> Phase:
    """Runs a dry run of every object of the last push, after its namespaces and CRDs exist."""
    push, begin = plan.pushes[-1], time.monotonic()
    tree = trees.by_push[push.name]
    sandbox.progress(f"dry run: {push.revision}")
    _put_crds(plan, trees, tree, sandbox)
    served = sandbox.server.resources()
    items = trees.rehearsed(tree, served)
    _put_namespaces(plan.pushes, items, sandbox)
    remarks = DryRun(sandbox.server, push.facts.section_of).remarks(items)
    seconds = round(time.monotonic() - begin, 1)
    return Phase("dry run", push.revision, seconds, True, remarks=remarks)


def _put_crds(
    plan: RehearsalPlan, trees: RehearsedTrees, tree: EnvironmentObjects, sandbox: Sandbox
) -> None:
    crds, _ = argocd.crds(plan.tools.find("argocd"))
    sandbox.put_crds(crds)
    sandbox.stand_in(trees.groups)
    rendered = {
        item.id.name: json.dumps(item.value).encode()
        for item in tree.objects
        if item.id.kind == "CustomResourceDefinition"
    }
    accepted = {name: crd for name, crd in rendered.items() if _is_accepted(sandbox, name, crd)}
    sandbox.put_crds(accepted)


def _is_accepted(sandbox: Sandbox, name: str, body: bytes) -> bool:
    """Returns whether the server accepts a CRD. If not, the dry run reports it later."""
    path = f"/apis/apiextensions.k8s.io/v1/customresourcedefinitions/{name}"
    return sandbox.server.apply(path, json.loads(body), "rehearsal", dry_run=True).ok


def _put_namespaces(pushes: Iterable[Push], items: Iterable[KubeObject], sandbox: Sandbox) -> None:
    for name in (argocd.NAMESPACE, *namespaces_and_secrets(pushes)[0]):
        sandbox.put_namespace(name)
    served = sandbox.server.resources()
    for item in items:
        if (item.id.group, item.id.kind) == ("", "Namespace"):
            namespace = served["v1", "Namespace"]
            apply(sandbox.server, namespace, as_served(item, served), dry_run=False)


def _simulated(plan: RehearsalPlan, trees: RehearsedTrees) -> Iterator[str]:
    if plan.mode is Mode.FULL:
        yield "Pods, their readiness and completed Jobs: by kwok; no image is pulled or run"
        yield "minReadySeconds: has no effect, because every Pod has been ready for years"
        yield "nodes: one in each of three availability zones, by kwok"
        yield "StorageClass gp2 and EBS volumes: as in EKS, by kwok"
        yield "load balancers of Services and of ALB Ingresses: only a host name, by kwok"
        yield "metrics-server: every Pod uses half of its resource requests"
    for group in sorted(trees.groups):
        yield f"CRDs of {group}: the objects are accepted without validation"
    if not argocd.crds(plan.tools.find("argocd"))[1]:
        yield "CRDs of Argo CD: the objects are accepted without validation"


def _notes(plan: RehearsalPlan, trees: RehearsedTrees) -> Iterator[str]:
    yield from plan.notes
    for push in plan.pushes:
        yield from push.facts.notes
    if plan.mode is Mode.DRY_RUN:
        return
    yield from trees.address.notes
    if plan.settings.note:
        yield plan.settings.note
    yield "a failed sync is retried after 1 to 5 s, not after 10 s to 3 min"
    yield "Argo CD compares Applications every 10 s, not every 2 to 3 min"
    yield "the Secrets that the values refer to exist with placeholder content"
