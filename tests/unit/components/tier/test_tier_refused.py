"""Values of tiers that the schema or a rule refuses, and values with a warning."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from gitops_gen.components import catalogue
from gitops_gen.inputs import Loaded
from gitops_gen.render.plan.plan import plan
from tests.cases import assert_refused, each, messages

Load = Callable[[str], Loaded]
HERE = Path(__file__).parent


@each(HERE, "invalid")
def test_refused_at_the_line_with_a_remedy(case: Path, load: Load) -> None:
    assert_refused(case, lambda: plan(load(case.read_text()).environment, catalogue()))


@each(HERE, "warned")
def test_allowed_with_a_warning(case: Path, load: Load) -> None:
    assert [str(finding) for finding in load(case.read_text()).warnings] == messages(case)
