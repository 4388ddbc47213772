"""The differences between two environments as text, with one module per format.

The modules `*_format.py` are discovered. A format defines `full_report(compared)`.
"""

from __future__ import annotations

from importlib import import_module

from gitops_gen.changes.between_environments import EnvironmentsCompared


def report(form: str, compared: EnvironmentsCompared) -> str:
    """Returns the report of the differences in one of the `formats("between_environments")`."""
    text: str = import_module(f"{__name__}.{form}_format").full_report(compared)
    return text
