"""Warnings of one wording about many objects, as one: a reader looks for what differs."""

from __future__ import annotations

from collections.abc import Iterable

from gitops_gen.rehearse.result import Remark, Verdict


def grouped(remarks: Iterable[Remark]) -> list[tuple[Remark, ...]]:
    """Warnings of one wording together, at the place of the first; all other remarks alone."""
    groups: dict[object, list[Remark]] = {}
    for remark in remarks:
        is_warning = remark.verdict is Verdict.WARNED
        key = (remark.by, remark.object.id.kind, remark.message) if is_warning else id(remark)
        groups.setdefault(key, []).append(remark)
    return [tuple(group) for group in groups.values()]
