"""A rehearsal -> text for a reader: one module a format, found by being here.

A format defines `told(rehearsal) -> str`.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from gitops_gen.rehearse.result import Rehearsal


def formats() -> tuple[str, ...]:
    names = (path.stem for path in Path(__file__).parent.glob("*_format.py"))
    return tuple(sorted(name.removesuffix("_format") for name in names))


def report(form: str, rehearsal: Rehearsal) -> str:
    """What a rehearsal told, in one of the `formats`."""
    text: str = import_module(f"gitops_gen.report.rehearsal.{form}_format").told(rehearsal)
    return text
