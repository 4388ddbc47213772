"""Which components were synced before what they require was Healthy."""

from __future__ import annotations

import pytest

from gitops_gen.model import Position
from gitops_gen.rehearse.revision_facts import ComponentFacts, RevisionFacts
from gitops_gen.rehearse.timeline import SyncTimes
from gitops_gen.rehearse.wave_order import order_violations

LINE = Position("values/dev.yaml", 6, 3)
DATABASE = frozenset({"database:postgres"})
FACTS = RevisionFacts(
    (
        ComponentFacts("backend", 20, "app", LINE, requires=DATABASE),
        ComponentFacts("postgres", 10, "database", LINE, provides=DATABASE),
    )
)


@pytest.mark.parametrize(
    ("backend", "postgres", "message"),
    [
        (SyncTimes(6.2, 7.2, 7.2), SyncTimes(3.4, 5.6, 6.1), None),
        (SyncTimes(), SyncTimes(3.4), None),
        (
            SyncTimes(3.0, 7.2, 7.2),
            SyncTimes(3.4, 5.6, 6.1),
            "backend began at 3.0 s, postgres was Healthy at 6.1 s",
        ),
        (SyncTimes(6.2), SyncTimes(3.4, 5.6), "backend began at 6.2 s; postgres was never Healthy"),
    ],
)
def test_a_component_waits_for_what_it_requires(
    backend: SyncTimes, postgres: SyncTimes, message: str | None
) -> None:
    times = {"backend": backend, "postgres": postgres}
    found = order_violations(times, FACTS, frozenset())
    assert [violation.message for violation in found] == ([message] if message else [])


def test_the_violation_names_the_capability_and_the_line_of_the_component() -> None:
    [found] = order_violations({"backend": SyncTimes(1.0)}, FACTS, frozenset())
    assert (found.component, found.capability, found.provider) == (
        "backend",
        "database:postgres",
        "postgres",
    )
    assert found.values == LINE


def test_a_component_that_is_not_rehearsed_is_not_waited_for() -> None:
    assert order_violations({"backend": SyncTimes(1.0)}, FACTS, frozenset({"postgres"})) == ()


def test_a_component_that_provides_what_it_requires_waits_for_nobody() -> None:
    both = ComponentFacts("postgres", 10, "database", LINE, provides=DATABASE, requires=DATABASE)
    facts = RevisionFacts((both, *FACTS.components))
    found = order_violations({"postgres": SyncTimes(1.0)}, facts, frozenset())
    assert found == ()
