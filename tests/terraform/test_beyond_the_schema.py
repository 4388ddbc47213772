"""Rules that neither a schema nor a type can express, checked in the state of each example."""

from __future__ import annotations

import api_rules
import iam
from workspace import Plan, resources


def test_planned_values_match_the_rules_of_the_api(planned: Plan) -> None:
    assert api_rules.broken(resources(planned)) == []


def test_each_resource_has_rules_or_a_reason_for_none(applied: Plan) -> None:
    used = {resource.type for resource in resources(applied)}
    assert used <= api_rules.CALLS.keys() | api_rules.WITHOUT_RULES


def test_every_reason_is_needed(applied: Plan) -> None:
    found = "\n".join(iam.wrong(resources(applied), reasons={}))
    for start in iam.REASONS:
        assert start.removeprefix("on * ") in found, start
