"""Which rules a check applies, as its options --select and --ignore state."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from gitops_gen.checks.api.rules import api_rules
from gitops_gen.checks.rules import object_rules
from gitops_gen.inputs.wording import did_you_mean
from gitops_gen.model import Excused, Finding, Rule, Severity
from gitops_gen.rule_registry import rules_of

API = "api"
VALUES = "values"
_PACKAGES_OF_VALUES = ("inputs", "components", "render", "workspace")
_ONLY_ERRORS = f"{VALUES} (except errors)"


class UnknownName(Exception):
    """A text that is neither a rule nor a group of rules."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name

    @property
    def hint(self) -> str:
        names = {one for ids in groups().values() for one in ids}
        return did_you_mean(self.name, sorted(names | groups().keys()))


@cache
def groups() -> Mapping[str, frozenset[str]]:
    """Returns the IDs of all rules that a check applies, by group."""
    found = {
        VALUES: set(rules_of(*_PACKAGES_OF_VALUES)),
        API: {rule.id for rule in api_rules()},
    }
    for one in object_rules():
        found.setdefault(one.group, set()).add(one.rule.id)
    return {name: frozenset(ids) for name, ids in sorted(found.items())}


@dataclass(frozen=True, slots=True)
class RuleSelection:
    """The rules that a check does not apply. By default, it applies all rules.

    Rules of values are always applied, because invalid values cannot be rendered. Their errors are
    always reported, too.
    """

    left_out: frozenset[str] = frozenset()

    @classmethod
    def of(cls, selected: Iterable[str], ignored: Iterable[str]) -> RuleSelection:
        """Each name is a rule or a group; nothing selected means all. Raises UnknownName."""
        every = frozenset(one for ids in groups().values() for one in ids)
        wanted = _ids(selected) or every
        return cls((every - wanted) | _ids(ignored))

    @property
    def is_partial(self) -> bool:
        return bool(self.left_out)

    @property
    def applies_nothing(self) -> bool:
        return frozenset().union(*groups().values()) <= self.left_out

    def applies(self, rule: Rule) -> bool:
        return rule.id not in self.left_out

    def applied(self, rules: Iterable[Rule]) -> frozenset[Rule]:
        return frozenset(filter(self.applies, rules))

    def reported(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """Returns the findings about values that are reported."""
        return tuple(
            one for one in findings if one.severity is Severity.ERROR or self.applies(one.rule)
        )

    def reported_excuses(self, excused: Iterable[Excused]) -> tuple[Excused, ...]:
        return tuple(one for one in excused if self.applies(one.finding.rule))

    @property
    def not_applied(self) -> tuple[str, ...]:
        """The groups that are left out, then the rules of other groups."""
        if not self.is_partial:
            return ()
        whole = [name for name, ids in groups().items() if ids <= self.left_out]
        single_rules = self.left_out.difference(*(groups()[name] for name in whole))
        return (
            *(_ONLY_ERRORS if name == VALUES else name for name in whole),
            *sorted(single_rules),
        )


EVERY_RULE = RuleSelection()


def require_known(names: Iterable[str]) -> None:
    """Raises UnknownName for the first text that is neither a rule nor a group."""
    _ids(names)


def _ids(names: Iterable[str]) -> frozenset[str]:
    return frozenset(one for name in names for one in _of_name(name))


def _of_name(name: str) -> Iterator[str]:
    if name in groups():
        yield from groups()[name]
    elif any(name in ids for ids in groups().values()):
        yield name
    else:
        raise UnknownName(name)
