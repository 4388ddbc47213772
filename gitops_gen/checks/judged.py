"""What all rules found about the objects of one environment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from gitops_gen.checks.api.rules import excusable_rules
from gitops_gen.checks.api.stage import ApiResult
from gitops_gen.checks.object_problems import ObjectProblem, RuleResult
from gitops_gen.checks.rules import excusable_object_rules
from gitops_gen.checks.selection import RuleSelection
from gitops_gen.inputs.excuse_use import ExcuseUse
from gitops_gen.model import Environment, Excused, Finding, NotChecked, ObjectCounts, ObjectId
from gitops_gen.objects.kind_names import kind_name


@dataclass(frozen=True)
class JudgedEnvironment:
    """The result for the objects of one environment. `found` are all findings about them."""

    environment: Environment
    api: ApiResult
    rules: RuleResult
    selection: RuleSelection
    found: Sequence[Finding]
    findings: tuple[Finding, ...] = field(init=False)
    excused: tuple[Excused, ...] = field(init=False)

    def __post_init__(self) -> None:
        counting, excused = self.environment.split(self.found)
        object.__setattr__(self, "findings", counting)
        object.__setattr__(self, "excused", excused)

    @property
    def excuse_use(self) -> ExcuseUse:
        """The use of excuses. After a failure of apicheck, its rules do not count as applied."""
        rules = excusable_object_rules()
        if self.api.complete:
            rules |= excusable_rules()
        return ExcuseUse(self.environment, self.selection.applied(rules), self.excused)

    @property
    def counts(self) -> ObjectCounts:
        problems: tuple[ObjectProblem, ...] = (*self.api.problems, *self.rules.problems)
        found = {(one.object.file, one.rendered_id) for one in problems}
        unaffected = [one for one in self.api.outcomes if (one.file, one.identity) not in found]
        unknown = Counter((one.not_checked, _kind(one.identity)) for one in unaffected)
        holds = sum(number for (why, _), number in unknown.items() if not why)
        return ObjectCounts(
            self.environment.name,
            holds,
            len(self.api.outcomes) - len(unaffected),
            tuple(
                NotChecked(kind, number, why)
                for (why, kind), number in sorted(unknown.items())
                if why
            ),
            notes=self.api.notes,
            not_determined=self.rules.not_determined,
        )


def _kind(identity: ObjectId) -> str:
    return kind_name(identity.group, identity.kind)
