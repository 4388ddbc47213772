"""Volumes of which no snapshots are taken."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.checks.production import is_production
from gitops_gen.checks.view import EnvironmentView, ObjectIssue, Undetermined
from gitops_gen.model import Rule, Severity
from gitops_gen.objects.plain import as_list, value_at

RULE = Rule(
    "posture-snapshots",
    title="In production, AWS takes snapshots of the database's volume",
    why="Without snapshots, data that is deleted by mistake or lost with the volume cannot be "
    "restored. The Terraform base takes snapshots of all volumes with the tag "
    "`cluster.volumeTag`, unless `snapshots_kept` is 0.",
    remedy="Import the cluster of the Terraform base with `import-cluster`. If the volume is "
    "backed up in another way, excuse the finding.",
    severity=Severity.NOTE,
    excusable=True,
    bad="""\
stage: production
cluster: {name: acme-prod}""",
    good="""\
stage: production
cluster:
  name: acme-prod
  volumeTag: {snapshots-of-cluster: acme-prod}""",
)
_STATEFUL_SET = ("apps", "StatefulSet")
_IN_AWS = "snapshots_kept of Terraform decides whether AWS takes snapshots of them"


def problems(view: EnvironmentView) -> Iterator[ObjectIssue | Undetermined]:
    for item in view.of_kind(_STATEFUL_SET) if is_production(view) else ():
        component = view.components.get(item.component)
        templates = as_list(value_at(item.value, "spec", "volumeClaimTemplates"))
        if component is None or not (component.source.is_first_party and templates):
            continue
        if view.environment.get("cluster", "volumeTag"):
            yield Undetermined("volumes", _IN_AWS)
        else:
            text = f"no snapshots of the volume of {item.id} are known (cluster.volumeTag)"
            yield ObjectIssue(item, text)
