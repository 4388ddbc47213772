"""Rules as text, with one module per format; the modules `*_format.py` are discovered.

A format defines `explanation(rule) -> str`. `page` generates docs/rules.md from all rules.
"""

from __future__ import annotations

from importlib import import_module

from gitops_gen.model import Rule


def explanation(form: str, rule: Rule) -> str:
    """Returns the explanation of a rule in one of the `report.formats("rules")`."""
    text: str = import_module(f"{__name__}.{form}_format").explanation(rule)
    return text
