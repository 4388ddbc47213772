"""What neither a schema nor a type can say, read from the state of each example."""

from __future__ import annotations

import api_rules
import iam
from workspace import Plan, resources


def test_planned_values_keep_the_rules_of_the_api(planned: Plan) -> None:
    assert api_rules.broken(resources(planned)) == []


def test_each_resource_has_rules_or_a_word_why_not(applied: Plan) -> None:
    used = {resource.type for resource in resources(applied)}
    assert used <= api_rules.CALLS.keys() | api_rules.WITHOUT_RULES


def test_no_reason_outlives_its_finding(applied: Plan) -> None:
    found = "\n".join(iam.wrong(resources(applied), reasons={}))
    for start in iam.REASONS:
        assert start.removeprefix("on * ") in found, start
