"""Sync waves that are not integers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gitops_gen.checks.dependencies import SYNC_WAVE
from gitops_gen.checks.view import EnvironmentView, ObjectIssue, annotations_of
from gitops_gen.model import Rule

RULE = Rule(
    "argocd-sync-wave",
    title="A sync wave is an integer",
    why="Argo CD syncs an object in wave 0 if its sync wave is not an integer, without an error.",
    remedy="Write an integer in quotes.",
    bad="""\
metadata:
  annotations: {argocd.argoproj.io/sync-wave: first}""",
    good="""\
metadata:
  annotations: {argocd.argoproj.io/sync-wave: "-1"}""",
)


def problems(view: EnvironmentView) -> Iterator[ObjectIssue]:
    for item in view.objects:
        if SYNC_WAVE.encode() not in item.content:
            continue
        wave = annotations_of(item).get(SYNC_WAVE, "0")
        if not re.fullmatch(r"[+-]?[0-9]+", wave):
            text = f"the sync wave of {item.id} is {wave!r}, so Argo CD syncs it in wave 0"
            yield ObjectIssue(item, text, ("metadata", "annotations", SYNC_WAVE))
