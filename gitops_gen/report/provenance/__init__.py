"""Answers of `explain` about values and fields, with one module per format.

The modules `*_format.py` are discovered. A format defines `value(explanation) -> str` and
`field(origin) -> str`.
"""

from __future__ import annotations

from importlib import import_module

from gitops_gen.provenance import Origin, ValueExplanation


def value_report(form: str, explanation: ValueExplanation) -> str:
    """Returns the explanation of a value in one of the `report.formats("provenance")`."""
    text: str = import_module(f"{__name__}.{form}_format").value(explanation)
    return text


def field_report(form: str, environment: str, origin: Origin) -> str:
    """Returns the values behind a field in one of the `report.formats("provenance")`."""
    text: str = import_module(f"{__name__}.{form}_format").field(environment, origin)
    return text
