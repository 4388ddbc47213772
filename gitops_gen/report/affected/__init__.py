"""Affected environments as text, with one module per format, which is discovered.

A format is a module `*_format.py` with `full_report(affected)`.
"""

from __future__ import annotations

from importlib import import_module

from gitops_gen.affected import Affected


def report(form: str, found: Affected) -> str:
    """Returns the report in one of the `formats("affected")`."""
    module = import_module(f"{__name__}.{form}_format")
    text: str = module.full_report(found)
    return text
