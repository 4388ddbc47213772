"""Comparisons as text, with one module per format; the modules `*_format.py` are discovered.

A format defines `full_report(comparison, colour)`. No format shows the data of a Secret.
"""

from __future__ import annotations

from importlib import import_module

from gitops_gen.changes import Comparison


def report(form: str, comparison: Comparison, *, colour: bool = False) -> str:
    """Returns the report of a comparison in one of the `formats("changes")`."""
    module = import_module(f"{__name__}.{form}_format")
    text: str = module.full_report(comparison, colour)
    return text
