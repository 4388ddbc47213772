"""The traffic of an environment, which rules and graphs share."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from gitops_gen.checks.traffic.services import Workloads
from gitops_gen.checks.view import EnvironmentView


@dataclass(frozen=True, eq=False)
class Traffic:
    view: EnvironmentView

    @cached_property
    def workloads(self) -> Workloads:
        return Workloads(self.view)
