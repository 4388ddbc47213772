"""Groups warnings with the same text about several objects, so that each is shown once."""

from __future__ import annotations

from collections.abc import Iterable

from gitops_gen.rehearse.result import Remark, RemarkVerdict


def grouped(remarks: Iterable[Remark]) -> list[tuple[Remark, ...]]:
    """Returns groups of remarks in their order; only warnings with the same text share a group."""
    groups: dict[object, list[Remark]] = {}
    for remark in remarks:
        is_warning = remark.verdict is RemarkVerdict.WARNED
        key = (remark.by, remark.object.id.kind, remark.message) if is_warning else id(remark)
        groups.setdefault(key, []).append(remark)
    return [tuple(group) for group in groups.values()]
