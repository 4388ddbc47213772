"""What a schema cannot say about tiers."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.components.tier.rules import (
    aws_role,
    batch,
    naming,
    running,
    scaling,
    serving,
    wiring,
)
from gitops_gen.components.tier.view import tiers
from gitops_gen.model import Environment, Finding


def findings(environment: Environment) -> Iterator[Finding]:
    yield from naming.paths(environment)
    for tier in tiers(environment):
        for theme in (naming, serving, scaling, batch, wiring, running, aws_role):
            yield from theme.findings(tier)
