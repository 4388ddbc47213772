"""Every expression of a PrometheusRule is valid PromQL."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.checks.promql import is_too_large, syntax_error
from gitops_gen.checks.view import EnvironmentView, ObjectIssue, Undetermined, maps_in
from gitops_gen.model import Rule, Values
from gitops_gen.objects.kube_object import KubeObject

RULE = Rule(
    "traffic-alert-expression",
    title="Every expression of a PrometheusRule is valid PromQL",
    why="The webhook of the Prometheus Operator refuses a PrometheusRule with an expression that "
    "Prometheus cannot parse, so the sync fails. Without the webhook, no rule of the object is "
    "loaded.",
    remedy="Correct the expression. If it uses syntax that is newer than the parser of gitops-gen, "
    "excuse the finding.",
    excusable=True,
    bad="""\
kind: PrometheusRule
spec:
  groups:
    - name: web
      rules: [{alert: WebDown, expr: 'sum(up{job="web"} == 0'}]""",
    good="""\
kind: PrometheusRule
spec:
  groups:
    - name: web
      rules: [{alert: WebDown, expr: 'sum(up{job="web"}) == 0'}]""",
)
PROMETHEUS_RULE = ("monitoring.coreos.com", "PrometheusRule")


def problems(view: EnvironmentView) -> Iterator[ObjectIssue | Undetermined]:
    for item in view.of_kind(PROMETHEUS_RULE):
        for index, group in maps_in(item.value, "spec", "groups"):
            for number, rule in maps_in(group, "rules"):
                yield from _problems_of(item, (index, number), rule)


def _problems_of(
    item: KubeObject, place: tuple[int, int], rule: Values
) -> Iterator[ObjectIssue | Undetermined]:
    expression = str(rule.get("expr", ""))
    if is_too_large(expression):
        yield Undetermined("expressions of PrometheusRules", "they are too large")
    elif rule.get("expr") is not None and (error := syntax_error(expression)):
        group, number = place
        name = rule.get("alert") or rule.get("record") or f"number {number}"
        text = f"the expression of the rule {name} of {item.id} is not valid: {error}"
        yield ObjectIssue(item, text, ("spec", "groups", group, "rules", number, "expr"))
