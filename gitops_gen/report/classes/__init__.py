"""Classes of changes as text, with one module per format; the modules `*_format.py` are discovered.

A format defines `explanation(change_class) -> str`.
"""

from __future__ import annotations

from importlib import import_module

from gitops_gen.changes.result import ChangeClass


def explanation(form: str, change_class: ChangeClass) -> str:
    """Returns the explanation of a class in one of the `report.formats("classes")`."""
    text: str = import_module(f"{__name__}.{form}_format").explanation(change_class)
    return text
