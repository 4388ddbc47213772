"""Comparisons as text, with one module per format; the modules `*_format.py` are discovered.

A format defines `full_report(comparison, colour)`. A format for pull requests defines
`verdict_report(verdict)` instead. No format shows the data of a Secret.
"""

from __future__ import annotations

from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

from gitops_gen.changes import Comparison

if TYPE_CHECKING:
    from gitops_gen.changes.verdict import Verdict


def report(form: str, comparison: Comparison, *, colour: bool = False) -> str:
    """Returns the report of a comparison in one of the `formats("changes")`."""
    text: str = _module(form).full_report(comparison, colour)
    return text


def shows_verdict(form: str) -> bool:
    """Whether a format shows a whole verdict, and not only a comparison."""
    return hasattr(_module(form), "verdict_report")


def verdict_report(form: str, verdict: Verdict) -> str:
    """Returns the report of a verdict in a format that `shows_verdict`."""
    text: str = _module(form).verdict_report(verdict)
    return text


def _module(form: str) -> ModuleType:
    return import_module(f"{__name__}.{form}_format")
