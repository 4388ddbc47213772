"""Rules -> text for a reader: one module a format, found by being here.

A format defines `explanation(rule) -> str`. `page` makes docs/rules.md of all rules.
"""

from __future__ import annotations

from importlib import import_module

from gitops_gen.model import Rule


def explanation(form: str, rule: Rule) -> str:
    """A rule, in one of the `report.formats` of this folder."""
    text: str = import_module(f"{__name__}.{form}_format").explanation(rule)
    return text
