"""Answers which environments and components a change touches."""

from __future__ import annotations

from contextlib import ExitStack

from gitops_gen.affected.changed_files import changed_files
from gitops_gen.affected.result import Affected, AffectedEnvironment
from gitops_gen.affected.sides import RevisionSide
from gitops_gen.affected.touched import Touch, TouchedEnvironments
from gitops_gen.errors import InvalidInput, ToolFailed
from gitops_gen.inputs.files import chosen
from gitops_gen.revisions import WorkTree
from gitops_gen.revisions.merge_base import (
    ComparisonBase,
    comparison_base,
    is_shallow,
    opened_base,
)


def affected(root: str, revision: str | None) -> Affected:
    """The environments and components of a work tree that differ from the base.

    The base is the last common commit with `revision`, or with the default branch for None. If it
    cannot be determined, all environments are named. Raises InvalidInput if the environments of
    the work tree cannot be listed, or if `revision` is not a revision of a complete clone.
    """
    head = RevisionSide(WorkTree(root))
    chosen(head.revision, ())
    try:
        base = comparison_base(root, revision)
    except InvalidInput as error:
        if revision is not None and not is_shallow(root):
            raise
        return _everything(head, "", _reasons(error))
    if not (base.is_merge_base and base.is_certain):
        return _everything(head, base.label, base.notes)
    try:
        return _compared(root, base, head)
    except InvalidInput as error:
        return _everything(head, base.label, _reasons(error))
    except ToolFailed as error:
        # For example, a partial clone does not contain the files of the base.
        return _everything(head, base.label, (str(error),))


def _compared(root: str, base: ComparisonBase, head: RevisionSide) -> Affected:
    with ExitStack() as stack:
        changed = stack.enter_context(changed_files(root, base))
        before = RevisionSide(stack.enter_context(opened_base(root, base)))
        touched = TouchedEnvironments(changed, (before, head))
        touches = touched.touches()
        environments = tuple(
            _environment(touched, name, touches[name], name not in before.names)
            for name in head.names
            if name in touches
        )
    removed = tuple(name for name in before.names if name not in head.names)
    return Affected(base.label, environments, removed, notes=base.notes)


def _environment(
    touched: TouchedEnvironments, name: str, touch: Touch, is_new: bool
) -> AffectedEnvironment:
    components = touched.components(name, touch)
    return AffectedEnvironment(name, is_new, components, tuple(touch.reasons))


def _everything(head: RevisionSide, base: str, unknown: tuple[str, ...]) -> Affected:
    """Names all environments with all their components."""
    environments = tuple(
        AffectedEnvironment(name, False, tuple(sorted(head.component_names(name))), ())
        for name in head.names
    )
    return Affected(base, environments, unknown=unknown)


def _reasons(error: InvalidInput) -> tuple[str, ...]:
    return tuple(finding.message for finding in error.findings)
