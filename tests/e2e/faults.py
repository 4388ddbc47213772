"""A planted fault, read from a file: the changes, and the expected findings of a rehearsal."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gitops_gen import yaml
from gitops_gen.model import Position
from gitops_gen.rehearse import RehearsalRequest
from gitops_gen.rehearse.result import Rehearsal, RemarkVerdict
from tests.e2e.repositories import committed, example

FOLDER = Path(__file__).with_name("faults")
Found = tuple[str, str, str | None, Position | None]
"""The kind of the finding, its text, the file and the line of the values."""


def read(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.yaml_load(file.read_bytes(), file.name)
    return found


def planted(fault: dict[str, Any], folder: Path) -> RehearsalRequest:
    """Returns a repository with the fault, and the request for its rehearsal."""
    mode = fault["mode"]
    if mode == "base":
        committed(example(folder), "base")
    root = example(folder, **fault.get("values", {}))
    for edit in fault.get("edits", ()):
        path = root / edit["file"]
        text = path.read_text()
        assert edit["replace"] in text, f"{edit['file']} does not hold what is to be replaced"
        path.write_text(text.replace(edit["replace"], edit["with"]))
    for name, content in fault.get("add", {}).items():
        (root / name).write_text(content)
    for source, target in fault.get("copy", {}).items():
        shutil.copyfile(root / source, root / target)
    base = "HEAD" if mode == "base" else None
    return RehearsalRequest(
        root, "dev", base=base, dry_run=mode == "dry-run", wave_delay=0, refresh_interval=2
    )


def found(result: Rehearsal) -> Iterator[tuple[str, Found]]:
    """Returns all findings of a rehearsal by their kind."""
    for remark in result.remarks:
        if remark.verdict is not RemarkVerdict.NOT_CHECKED:
            yield "refused", (str(remark.object), remark.message, remark.file, remark.values)
    for phase in result.phases:
        for drift in phase.drift:
            text = " ".join((drift.reason, *(str(field.path) for field in drift.fields)))
            yield "drift", (str(drift.object), text, drift.file, drift.values)
        for violation in phase.order_violations:
            yield "violation", (violation.component, violation.message, None, violation.values)


def fits(expected: dict[str, Any], kind: str, item: Found) -> bool:
    what, text, file, _values = item
    return (
        expected.get(kind) == what
        and expected["says"] in text
        and expected.get("file") in (None, file)
    )
