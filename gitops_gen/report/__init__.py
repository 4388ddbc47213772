"""Results -> text for a reader: one module a format, found by being here.

A format defines `findings(checked) -> str`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path

from gitops_gen.model import Checked, Excused


def formats(folder: str = "") -> tuple[str, ...]:
    """Those of findings, which every command has, or those that a folder here defines more for."""
    names = (path.stem for path in Path(__file__).parent.joinpath(folder).glob("*_format.py"))
    return tuple(sorted(name.removesuffix("_format") for name in names))


def report(form: str, checked: Checked) -> str:
    """What was checked and found, in one of the `formats`."""
    text: str = import_module(f"gitops_gen.report.{form}_format").findings(checked)
    return text


def excused_summary(excused: Iterable[Excused]) -> str:
    """`2 findings are excused: handed-over, plaintext-secret`; nothing where none is."""
    counts = Counter(one.finding.rule.id for one in excused)
    if not counts:
        return ""
    total = counts.total()
    rules = (
        f"{rule} ({number})" if number > 1 else rule for rule, number in sorted(counts.items())
    )
    lead = "1 finding is excused" if total == 1 else f"{total} findings are excused"
    return f"{lead}: {', '.join(rules)}"
