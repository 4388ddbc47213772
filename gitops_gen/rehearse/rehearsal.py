"""A rehearsal, from inside its namespaces: a stage, and on it what the mode asks for."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import replace

from gitops_gen.errors import ToolFailed
from gitops_gen.rehearse.dry_run import Judge, apply, located
from gitops_gen.rehearse.full import Full
from gitops_gen.rehearse.masking import masked
from gitops_gen.rehearse.reduced import compare
from gitops_gen.rehearse.result import Figures, Mode, Phase, Rehearsal
from gitops_gen.rehearse.scene import CRD, Plan, Scene, named, not_rehearsed, scene, subject
from gitops_gen.rehearse.servers import argocd, metrics
from gitops_gen.rehearse.servers.isolation import Note
from gitops_gen.rehearse.stage import Stage


def rehearse(plan: Plan, progress: Note) -> Rehearsal:
    """To be run in namespaces of its own. Raises ToolFailed, naming the program at fault."""
    shown = scene(plan)
    stage = Stage(plan.tools, plan.folder, plan.pushes[-1].known.region, progress)
    begin = time.monotonic()
    try:
        phases, restored, figures = _acts(plan, shown, stage)
    except ToolFailed:
        # What ended or hangs is the reason of whatever failed after it.
        stage.processes.require_answers()
        raise
    total, memory = round(time.monotonic() - begin, 1), stage.processes.memory()
    tree = shown.trees[plan.pushes[-1].name]
    left_out = not_rehearsed(shown.left_out) if plan.mode is Mode.FULL else shown.left_out
    rehearsal = Rehearsal(
        environment=plan.environment,
        revision=subject(plan.pushes).revision,
        mode=plan.mode,
        phases=phases,
        objects=len(shown.rehearsed(tree, {})),
        left_out=tuple(left_out),
        standins=tuple(_standins(plan, shown)),
        notes=tuple(dict.fromkeys(_notes(plan, shown))),
        restored=restored,
        versions=tuple(plan.versions.items()),
        figures=replace(figures, total=total, memory=memory),
    )
    return masked(rehearsal, shown.manifests())


def _acts(
    plan: Plan, shown: Scene, stage: Stage
) -> tuple[tuple[Phase, ...], tuple[str, ...] | None, Figures]:
    begin = time.monotonic()
    if plan.mode is not Mode.DRY_RUN:
        stage.prepare(shown.address)
    stage.start_control_plane([shown.address.host])
    ready = time.monotonic()
    figures = Figures(control_plane=round(ready - begin, 1))
    if plan.mode is Mode.DRY_RUN:
        return (dry_run(plan, shown, stage),), None, figures
    bootstrap(plan, shown, stage)
    figures = replace(figures, argocd=round(time.monotonic() - ready, 1))
    if plan.mode is Mode.REDUCED:
        return (dry_run(plan, shown, stage), compare(plan, shown, stage)), None, figures
    full = Full(plan, shown, stage)
    phases = full.phases()
    if plan.keep:
        stage.dump()
    return phases, full.restored(), replace(figures, checked=full.checked)


def bootstrap(plan: Plan, shown: Scene, stage: Stage) -> None:
    """What Terraform's bootstrap would make, the root Application aside.

    The kinds come before the controllers. The garbage collector looks for further kinds every 30 s
    only; before it knows Application, an Application that left Git stays, held by its finalizer
    `foregroundDeletion`.
    """
    stage.put_crds(argocd.crds(plan.tools.find("argocd"))[0])
    stage.stand_in(shown.groups)
    for value in metrics.registration():
        stage.put(value)
    stage.start_controllers()
    stage.start_nodes(shown.groups)
    stage.progress("starting Argo CD")
    stage.start_argocd(plan.settings)
    namespaces, secrets = named(plan.pushes)
    for name in namespaces:
        stage.put_namespace(name)
    for secret in secrets:
        stage.put(secret)


def dry_run(plan: Plan, shown: Scene, stage: Stage) -> Phase:
    """Every object of the last tree, shown to a server that has the namespaces and the CRDs."""
    push = plan.pushes[-1]
    tree, begin = shown.trees[push.name], time.monotonic()
    stage.progress(f"dry run: {push.revision}")
    crds, _ = argocd.crds(plan.tools.find("argocd"))
    stage.put_crds(crds)
    stage.stand_in(shown.groups)
    own = {m.object.name: m.body for m in tree.objects if m.object.kind == CRD}
    stage.put_crds({name: body for name, body in own.items() if _accepted(stage, name, body)})
    for name in (argocd.NAMESPACE, *named(plan.pushes)[0]):
        stage.put_namespace(name)
    served = stage.server.resources()
    items = shown.rehearsed(tree, served)
    for item in items:
        if item.object.kind == "Namespace" and item.object.group == "":
            apply(stage.server, served["v1", "Namespace"], located(item, served), dry_run=False)
    remarks = Judge(stage.server, push.known.place).remarks(items)
    seconds = round(time.monotonic() - begin, 1)
    return Phase("dry run", push.revision, seconds, True, remarks=remarks)


def _accepted(stage: Stage, name: str, body: bytes) -> bool:
    """A CRD of the tree that is refused is told of like any object, not put up with."""
    path = f"/apis/apiextensions.k8s.io/v1/customresourcedefinitions/{name}"
    return stage.server.apply(path, json.loads(body), "rehearsal", dry_run=True).ok


def _standins(plan: Plan, shown: Scene) -> Iterator[str]:
    if plan.mode is Mode.FULL:
        yield "Pods, their readiness and completed Jobs: kwok; no image is pulled, nothing runs"
        yield "minReadySeconds: not waited for, a Pod counts as ready for years"
        yield "nodes: one in each of three zones, kwok"
        yield "StorageClass gp2 and EBS volumes: as EKS has them, kwok"
        yield "load balancers of Services and of ALB Ingresses: a made-up host name, kwok"
        yield "metrics-server: every Pod uses half of what it requests"
    for group in sorted(shown.groups):
        yield f"CRDs of {group}: served, their content is not validated"
    if not argocd.crds(plan.tools.find("argocd"))[1]:
        yield "CRDs of Argo CD: served, their content is not validated"


def _notes(plan: Plan, shown: Scene) -> Iterator[str]:
    yield from plan.notes
    for push in plan.pushes:
        yield from push.known.notes
    if plan.mode is Mode.DRY_RUN:
        return
    yield from shown.address.notes
    if plan.settings.note:
        yield plan.settings.note
    yield "retries of a failed sync come after 1 to 5 s, not 10 s to 3 min"
    yield "Argo CD compares every 10 s, not every 2 to 3 min"
    yield "namespaces and Secrets that values name were made before, with made-up content"
