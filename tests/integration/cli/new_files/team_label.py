from collections.abc import Iterator

from gitops_gen.checks.view import EnvironmentView, ObjectIssue
from gitops_gen.model import Rule, Severity
from gitops_gen.objects.plain import value_at

RULE = Rule(
    "acme-team-label",
    title="Every Service has the label team",
    why="The label decides who is called.",
    remedy="Add the label, or excuse the finding.",
    severity=Severity.WARNING,
    excusable=True,
    bad="kind: Service",
    good="kind: Service\nmetadata: {labels: {team: shop}}",
)


def problems(view: EnvironmentView) -> Iterator[ObjectIssue]:
    for item in view.of_kind(("", "Service")):
        if value_at(item.value, "metadata", "labels", "team") is None:
            yield ObjectIssue(item, f"{item.id} has no label team", ("spec", "ports", 0, "port"))
