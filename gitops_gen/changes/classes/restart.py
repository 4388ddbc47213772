"""Pods that are replaced because their template changes."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.changes.context import EnvironmentContext
from gitops_gen.changes.result import Certainty, ChangeClass, Consequence, ObjectDifference
from gitops_gen.changes.rollouts import rollout, template_changes

RESTART = ChangeClass(
    "restart",
    rank=11,
    title="Pods are replaced",
    certainty=Certainty.EXACT,
    why="A Deployment, StatefulSet or DaemonSet replaces its Pods after any change of the Pod "
    "template in the form that the API server stores, also after a new order of a list.",
    remedy="Nothing, if Pods may be replaced at any time. Otherwise merge when the load is low.",
    is_danger=False,
)


def consequences(
    change: ObjectDifference, environment: EnvironmentContext
) -> Iterator[Consequence]:
    found = rollout(change, environment)
    if found is not None:
        place = next(template_changes(change), None)
        yield RESTART.consequence(found.text, place)
