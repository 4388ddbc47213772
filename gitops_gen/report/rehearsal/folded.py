"""What was said word for word of many objects, told once: a reader looks for what differs."""

from __future__ import annotations

from collections.abc import Iterable

from gitops_gen.rehearse.result import Remark, Verdict


def folded(remarks: Iterable[Remark]) -> list[tuple[Remark, ...]]:
    """Warnings of one wording together, at the place of the first; all else alone."""
    found: dict[object, list[Remark]] = {}
    for remark in remarks:
        same = remark.verdict is Verdict.WARNED
        key = (remark.by, remark.object.id.kind, remark.message) if same else id(remark)
        found.setdefault(key, []).append(remark)
    return [tuple(group) for group in found.values()]
