"""Label selectors, as Kubernetes evaluates them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from gitops_gen.checks.truth import Truth, all_of, any_of, truth_of
from gitops_gen.checks.view import maps_in
from gitops_gen.model import Values
from gitops_gen.objects.plain import as_list, as_map


@dataclass(frozen=True)
class Labels:
    """The labels of Pods or of a namespace."""

    values: Mapping[str, str] = field(default_factory=dict)
    complete: bool = True
    """Whether there are no further labels."""
    varying: frozenset[str] = frozenset()
    """Labels that exist, but whose values differ between the Pods of a workload."""

    def is_equal(self, key: str, value: object) -> Truth:
        if key in self.values:
            return truth_of(self.values[key] == value)
        return self._unknown(key)

    def exists(self, key: str) -> Truth:
        if key in self.values or key in self.varying:
            return Truth.YES
        return self._unknown(key)

    def _unknown(self, key: str) -> Truth:
        return truth_of(False) if self.complete and key not in self.varying else Truth.UNKNOWN


def selected(selector: Values, labels: Labels) -> Truth:
    """Whether a LabelSelector matches. An empty selector matches everything."""
    equal = (
        labels.is_equal(key, text) for key, text in as_map(selector.get("matchLabels")).items()
    )
    expressions = (_holds(one, labels) for _, one in maps_in(selector, "matchExpressions"))
    return min(all_of(equal), all_of(expressions))


def matches_labels(selector: Values, labels: Mapping[str, str]) -> bool:
    """Whether a LabelSelector matches labels that are completely known."""
    return selected(selector, Labels(labels)) is Truth.YES


def _holds(expression: Values, labels: Labels) -> Truth:
    key, operator = str(expression.get("key")), expression.get("operator")
    if operator in ("In", "NotIn"):
        found = any_of(labels.is_equal(key, one) for one in as_list(expression.get("values")))
        return found if operator == "In" else _opposite(found)
    found = labels.exists(key)
    return found if operator == "Exists" else _opposite(found)


def _opposite(found: Truth) -> Truth:
    return Truth(Truth.YES - found)
