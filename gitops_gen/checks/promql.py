"""Parses PromQL, also with the variables of Grafana's dashboards."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import partial
from itertools import product

_VARIABLE = re.compile(
    r"\$(?P<plain>\w+)|\$\{(?P<braces>\w+)(?:[.:][^{}]*)?\}|\[\[(?P<brackets>\w+)(?::[^\[\]]*)?\]\]"
)
_OF_GRAFANA = {
    "__interval": "5m",
    "__rate_interval": "5m",
    "__range": "5m",
    **dict.fromkeys(("__interval_ms", "__range_s", "__range_ms", "__from", "__to"), "1"),
}
_CANDIDATES = ("x", "1", "5m", "sum", "rate")
"""Values of a variable: a label or a metric, a number, a duration, an aggregation, a function."""
_MOST_VARIABLES = 5
_LONGEST = 10_000
_MOST_OPERATORS = 500
_OPERATOR = re.compile(r"[-+*/%^(=<>{]|\b(?:and|or|unless|atan2)\b", re.IGNORECASE)
"""The time of the parser grows with the square of the operators, and many of them end the process,
because each needs a part of its stack."""
_STRING = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|`[^`]*`")


def is_too_large(expression: str) -> bool:
    """Whether an expression, which may be part of any chart, is too large for the parser."""
    return len(expression) > _LONGEST or _operators(expression) > _MOST_OPERATORS


def _operators(expression: str) -> int:
    return sum(1 for _ in _OPERATOR.finditer(expression))


def syntax_error(expression: str) -> str | None:
    """Returns why Prometheus would not accept an expression; None if it would."""
    # The import of a library that few commands need takes time.
    import promql_parser

    try:
        promql_parser.parse(expression)
    except ValueError as error:
        return str(error)
    return None


def syntax_error_in_dashboard(expression: str) -> str | None:
    """Like `syntax_error`, for an expression with variables of Grafana.

    The value of a variable is not known, so the expression is valid if some values make it so.
    """
    error = None
    for text in _with_values(expression):
        error = syntax_error(text)
        if error is None:
            return None
    return error


def _with_values(expression: str) -> Iterator[str]:
    """Yields the expression with different values of its variables."""
    names = _free_variables(expression)
    for chosen in product(_CANDIDATES, repeat=len(names)):
        values = {**_OF_GRAFANA, **dict(zip(names, chosen, strict=True))}
        yield _VARIABLE.sub(partial(_value, values), expression)


def has_too_many_variables(expression: str) -> bool:
    """Whether there are so many variables that their values cannot be tried.

    With several variables, the same limit of operators applies to some of the variants together.
    """
    number = len(_free_variables(expression))
    largest = _MOST_OPERATORS * 100 // len(_CANDIDATES) ** number
    return number > _MOST_VARIABLES or _operators(expression) > max(largest, 1)


def _free_variables(expression: str) -> list[str]:
    """The variables outside of strings, in which every value is valid."""
    found = (_name(match) for match in _VARIABLE.finditer(_STRING.sub("", expression)))
    return [name for name in dict.fromkeys(found) if name not in _OF_GRAFANA]


def _name(match: re.Match[str]) -> str:
    return match["plain"] or match["braces"] or match["brackets"]


def _value(values: Mapping[str, str], match: re.Match[str]) -> str:
    return values.get(_name(match), "x")
