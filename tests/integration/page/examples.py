"""Verdicts whose texts and number of changes a test chooses."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from gitops_gen.changes.classes.availability import AVAILABILITY
from gitops_gen.changes.result import (
    Acceptance,
    ClassifiedChange,
    Comparison,
    DifferenceKind,
    EnvironmentComparison,
    NotCompared,
    ObjectDifference,
)
from gitops_gen.changes.verdict import Verdict
from gitops_gen.checks import CheckResult
from gitops_gen.model import Checked, Finding, ObjectId, Position, Rule
from gitops_gen.objects.fields import differences
from gitops_gen.objects.kube_object import KubeObject

RULE = Rule("example", "An example", "It is one.", "Nothing.")


def change(name: str, old: object, new: object, message: str = "") -> ClassifiedChange:
    """A change of one value of a ConfigMap, with a danger if there is a message."""
    before, after = (_config_map(name, value) for value in (old, new))
    fields = tuple(differences(before, after))
    identity = ObjectId("", "ConfigMap", "app", name)
    items = (KubeObject(identity, "v1", value, "", "shop") for value in (before, after))
    difference = ObjectDifference(DifferenceKind.CHANGED, *items, before, after, fields)
    consequence = AVAILABILITY.consequence(message, next(iter(fields), None))
    return ClassifiedChange(difference, (consequence,) if message else ())


def _config_map(name: str, value: object) -> dict[str, Any]:
    metadata = {"name": name, "namespace": "app"}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": {"key": value}}


def verdict(changes: Iterable[ClassifiedChange]) -> Verdict:
    environment = EnvironmentComparison("prod", tuple(changes))
    return Verdict(
        Comparison("main", "the work tree", (environment,)), CheckResult(Checked((), ()))
    )


def verdict_with(text: str) -> Verdict:
    """A verdict that contains a text wherever a repository or a chart can bring one in."""
    acceptance = Acceptance("availability", text, text, "0" * 40, text)
    environment = EnvironmentComparison(
        text,
        (change(text, f"a{text}", f"b{text}\nc", text), change("x", {text: "1"}, {text: "2"})),
        notes=(text,),
        by_hand=(text,),
        not_compared=(NotCompared(text, text),),
    )
    comparison = Comparison(
        text, text, (environment,), (text,), text, (acceptance,), ((acceptance, text),)
    )
    finding = Finding(RULE, text, Position(text))
    return Verdict(comparison, CheckResult(Checked((text,), (finding,))), (finding,))
