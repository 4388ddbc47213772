"""Expressions of dashboards are valid if Prometheus accepts them with some values of variables."""

from __future__ import annotations

from pathlib import Path

import pytest

from gitops_gen import yaml
from gitops_gen.checks.promql import has_too_many_variables, syntax_error_in_dashboard

EXPRESSIONS = yaml.yaml_load((Path(__file__).parent / "promql.yaml").read_bytes())


@pytest.mark.parametrize("expression", EXPRESSIONS["valid"])
def test_an_expression_is_valid(expression: str) -> None:
    assert not has_too_many_variables(expression)
    assert syntax_error_in_dashboard(expression) is None


@pytest.mark.parametrize("expression", EXPRESSIONS["not_valid"])
def test_an_expression_is_not_valid(expression: str) -> None:
    assert syntax_error_in_dashboard(expression)


def test_variables_outside_of_strings_are_limited() -> None:
    assert has_too_many_variables("$a + $b + $c + $d + $e + $f")
