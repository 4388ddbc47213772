"""A rehearsal, inside its own Linux namespaces: starts a sandbox and does what the mode asks."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
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
    """What was observed in the sandbox."""

    phases: tuple[Phase, ...]
    figures: Figures
    restored: tuple[str, ...] | None = None


def rehearse(plan: RehearsalPlan, progress: Note) -> Rehearsal:
    """To be run in namespaces of its own. Raises ToolFailed, naming the program at fault."""
    trees = read_trees(plan)
    sandbox = Sandbox(plan.tools, plan.folder, plan.pushes[-1].facts.region, progress)
    begin = time.monotonic()
    try:
        outcome = _outcome(plan, trees, sandbox)
    except ToolFailed:
        # A program that has ended or hangs is the reason for whatever failed after it.
        sandbox.processes.require_answers()
        raise
    total, memory = round(time.monotonic() - begin, 1), sandbox.processes.memory()
    figures = replace(outcome.figures, total=total, memory=memory)
    return result(plan, trees, replace(outcome, figures=figures))


def result(plan: RehearsalPlan, trees: RehearsedTrees, outcome: SandboxOutcome) -> Rehearsal:
    """The outcome, with everything that a reader has to know of how it was obtained."""
    tree = trees.by_push[plan.pushes[-1].name]
    left_out = not_rehearsed(trees.left_out) if plan.mode is Mode.FULL else trees.left_out
    rehearsal = Rehearsal(
        environment=plan.environment,
        revision=subject(plan.pushes).revision,
        mode=plan.mode,
        phases=outcome.phases,
        objects=len(trees.rehearsed(tree, {})),
        left_out=tuple(left_out),
        standins=tuple(_stand_ins(plan, trees)),
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
    full_rehearsal = FullRehearsal(plan, trees, sandbox)
    phases = full_rehearsal.phases()
    if plan.keep:
        sandbox.dump()
    return SandboxOutcome(
        phases, replace(figures, checked=full_rehearsal.checked), full_rehearsal.restored()
    )


def bootstrap(plan: RehearsalPlan, trees: RehearsedTrees, sandbox: Sandbox) -> None:
    """What Terraform's bootstrap would make, the root Application aside.

    The CRDs come before the controllers. The garbage collector looks for new kinds every 30 s
    only; before it knows Application, an Application that left Git stays, kept by its finalizer
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
    """Every object of the last tree, sent to a server that has its namespaces and CRDs."""
    push, begin = plan.pushes[-1], time.monotonic()
    tree = trees.by_push[push.name]
    sandbox.progress(f"dry run: {push.revision}")
    _put_crds(plan, trees, tree, sandbox)
    served = sandbox.server.resources()
    items = trees.rehearsed(tree, served)
    _put_namespaces(plan.pushes, items, sandbox)
    remarks = DryRun(sandbox.server, push.facts.line_behind).remarks(items)
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
    """A CRD of the tree that is refused is reported by the dry run like any other object."""
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


def _stand_ins(plan: RehearsalPlan, trees: RehearsedTrees) -> Iterator[str]:
    if plan.mode is Mode.FULL:
        yield "Pods, their readiness and completed Jobs: kwok; no image is pulled, nothing runs"
        yield "minReadySeconds: not waited for, a Pod counts as ready for years"
        yield "nodes: one in each of three zones, kwok"
        yield "StorageClass gp2 and EBS volumes: as EKS has them, kwok"
        yield "load balancers of Services and of ALB Ingresses: a made-up host name, kwok"
        yield "metrics-server: every Pod uses half of what it requests"
    for group in sorted(trees.groups):
        yield f"CRDs of {group}: served, their content is not validated"
    if not argocd.crds(plan.tools.find("argocd"))[1]:
        yield "CRDs of Argo CD: served, their content is not validated"


def _notes(plan: RehearsalPlan, trees: RehearsedTrees) -> Iterator[str]:
    yield from plan.notes
    for push in plan.pushes:
        yield from push.facts.notes
    if plan.mode is Mode.DRY_RUN:
        return
    yield from trees.address.notes
    if plan.settings.note:
        yield plan.settings.note
    yield "retries of a failed sync come after 1 to 5 s, not 10 s to 3 min"
    yield "Argo CD compares every 10 s, not every 2 to 3 min"
    yield "namespaces and Secrets that values name were made before, with made-up content"
