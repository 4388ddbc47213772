"""Expressions of dashboards are valid if Prometheus accepts them with some values of variables."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from gitops_gen import yaml
from gitops_gen.checks.promql import (
    has_too_many_variables,
    is_too_large,
    syntax_error,
    syntax_error_in_dashboard,
)

EXPRESSIONS = yaml.yaml_load((Path(__file__).parent / "promql.yaml").read_bytes())


@pytest.mark.parametrize("expression", EXPRESSIONS["valid"])
def test_an_expression_is_valid(expression: str) -> None:
    assert not has_too_many_variables(expression)
    assert not is_too_large(expression)
    assert syntax_error_in_dashboard(expression) is None


@pytest.mark.parametrize("expression", EXPRESSIONS["not_valid"])
def test_an_expression_is_not_valid(expression: str) -> None:
    assert syntax_error_in_dashboard(expression)


def test_variables_outside_of_strings_are_limited() -> None:
    assert has_too_many_variables("$a + $b + $c + $d + $e + $f")


def test_variables_in_many_operators_are_limited() -> None:
    assert not has_too_many_variables("$a + $b + $c + $d + $e")
    assert has_too_many_variables("+".join(["$a + $b + $c + $d + $e"] * 5))


NESTED = {
    "brackets": lambda number: "(" * number + "up" + ")" * number,
    "signs": lambda number: "-" * number + "up",
    "powers": lambda number: "up ^ " * number + "up",
    "words": lambda number: "up or " * number + "up",
    "functions": lambda number: "sum(" * number + "up" + ")" * number,
}


@pytest.mark.parametrize("nested", NESTED.values(), ids=NESTED)
def test_the_parser_gets_no_expression_that_would_end_the_process(
    nested: Callable[[int], str],
) -> None:
    assert not is_too_large(nested(400))
    assert syntax_error(nested(400)) is None
    assert is_too_large(nested(50_000))
