"""Label selectors, as Kubernetes evaluates them."""

from __future__ import annotations

from gitops_gen.checks.view import maps_in
from gitops_gen.model import Values
from gitops_gen.objects.plain import as_list, as_map


def matches_labels(selector: Values, labels: Values) -> bool:
    """Whether a LabelSelector matches labels. An empty selector matches all labels."""
    equal = as_map(selector.get("matchLabels")).items() <= labels.items()
    return equal and all(_holds(one, labels) for _, one in maps_in(selector, "matchExpressions"))


def _holds(expression: Values, labels: Values) -> bool:
    key, operator = str(expression.get("key")), str(expression.get("operator"))
    if operator in ("In", "NotIn"):
        return (labels.get(key) in as_list(expression.get("values"))) == (operator == "In")
    return (key in labels) == (operator == "Exists")
