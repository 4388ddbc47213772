"""A rehearsal -> text for a reader: one module a format, found by being here.

A format defines `full_report(rehearsal) -> str`. In a format that has no such module here, as in
`github`, a rehearsal is reported by its findings.
"""

from __future__ import annotations

from importlib import import_module

from gitops_gen.model import Checked
from gitops_gen.rehearse.findings import rehearsal_findings
from gitops_gen.rehearse.result import Rehearsal
from gitops_gen.report import formats
from gitops_gen.report import report as report_findings


def report(form: str, rehearsal: Rehearsal) -> str:
    """A rehearsal, in one of the `formats` of findings."""
    if form not in formats("rehearsal"):
        return report_findings(form, checked(rehearsal))
    text: str = import_module(f"{__name__}.{form}_format").full_report(rehearsal)
    return text


def checked(rehearsal: Rehearsal) -> Checked:
    """The findings of a rehearsal, as those of every other command."""
    return Checked((rehearsal.environment,), tuple(rehearsal_findings(rehearsal)))
