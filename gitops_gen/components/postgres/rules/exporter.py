"""Rules for the metrics exporter, of a database in the cluster or an external one."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.components.postgres.facts import NAME, Database
from gitops_gen.components.postgres.rules.in_cluster import LIMITS, image_findings
from gitops_gen.components.quantities import limits_below_requests
from gitops_gen.model import Environment, Finding


def findings(environment: Environment) -> Iterator[Finding]:
    if environment.enabled(NAME) and (database := Database(environment)).exported:
        yield from image_findings(database, "metrics", "image")
        yield from limits_below_requests(environment, (NAME, "metrics", "resources"), LIMITS)
