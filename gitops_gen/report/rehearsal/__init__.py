"""Rehearsals as text, with one module per format; the modules `*_format.py` are discovered.

A format defines `full_report(rehearsal) -> str`. In a format without a module in this package, such
as `github`, only the findings of a rehearsal are reported.
"""

from __future__ import annotations

from importlib import import_module

from gitops_gen.model import Checked
from gitops_gen.rehearse.findings import rehearsal_findings
from gitops_gen.rehearse.result import Rehearsal
from gitops_gen.report import formats
from gitops_gen.report import report as report_findings


def report(form: str, rehearsal: Rehearsal) -> str:
    """Returns the report of a rehearsal in one of the `formats` of findings."""
    if form not in formats("rehearsal"):
        return report_findings(form, checked(rehearsal))
    text: str = import_module(f"{__name__}.{form}_format").full_report(rehearsal)
    return text


def checked(rehearsal: Rehearsal) -> Checked:
    """Returns the findings of a rehearsal in the form that all commands share."""
    return Checked((rehearsal.environment,), tuple(rehearsal_findings(rehearsal)))
