"""Commit trailers that accept dangers: `Accept-Change: CLASS OBJECT: reason`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from gitops_gen.changes.result import (
    TRAILER,
    Acceptance,
    ChangeClass,
    ClassifiedChange,
    Consequence,
    EnvironmentComparison,
    ObjectDifference,
)
from gitops_gen.model import printable
from gitops_gen.revisions.merge_base import CommitMessage
from gitops_gen.secrets.hidden import without_tokens

_FORM = re.compile(r"(?P<class>[a-z-]+)\s+(?P<object>\S+ \S+?):\s+(?P<reason>\S.*)")
_MISPLACED = (
    "has no effect: Git reads it only in the last paragraph of the message, at the start of a "
    "line, with nothing but such lines"
)
_EXPECTED = f"is not in the form `{TRAILER}: CLASS KIND NAMESPACE/NAME: reason`"


def acceptances(
    messages: Sequence[CommitMessage], classes: Sequence[ChangeClass]
) -> tuple[tuple[Acceptance, ...], tuple[tuple[Acceptance, str], ...]]:
    """The acceptances of these commits, and those that are not valid, each with the reason."""
    valid: list[Acceptance] = []
    invalid: list[tuple[Acceptance, str]] = []
    known_classes = {one.id: one for one in classes}
    for message in messages:
        for text in message.trailers:
            acceptance, problem = _parsed(text, message, known_classes)
            if problem:
                invalid.append((acceptance, problem))
            else:
                valid.append(acceptance)
        invalid += [
            (_parsed(text, message, known_classes)[0], _MISPLACED) for text in message.misplaced
        ]
    return tuple(valid), tuple(invalid)


def _parsed(
    text: str, message: CommitMessage, classes: dict[str, ChangeClass]
) -> tuple[Acceptance, str]:
    author = printable(message.author)
    match = _FORM.fullmatch(text)
    if match is None:
        return Acceptance("", "", _shown(text), message.commit, author), _EXPECTED
    reason = _shown(match["reason"])
    found = Acceptance(match["class"], match["object"], reason, message.commit, author)
    if found.class_id not in classes:
        return found, f"names no class; the classes are {', '.join(classes)}"
    return found, ""


def _shown(text: str) -> str:
    return printable(without_tokens(text))


def accepted(
    environment: EnvironmentComparison, valid: Sequence[Acceptance]
) -> EnvironmentComparison:
    """The environment, with the acceptance of each consequence that has one."""
    changes = tuple(_accepted_change(change, valid) for change in environment.changes)
    return replace(environment, changes=changes)


def _accepted_change(change: ClassifiedChange, valid: Sequence[Acceptance]) -> ClassifiedChange:
    found = tuple(_accepted(change.difference, one, valid) for one in change.consequences)
    return replace(change, consequences=found)


def _accepted(
    difference: ObjectDifference, consequence: Consequence, valid: Sequence[Acceptance]
) -> Consequence:
    for one in valid if consequence.acceptable else ():
        if one.class_id == consequence.change_class.id and _names(one.object, difference):
            return replace(consequence, accepted=one)
    return consequence


def _names(text: str, difference: ObjectDifference) -> bool:
    """Whether the text names the object; both names of a renamed object are valid."""
    items = (item for item in (difference.before, difference.after) if item is not None)
    return any(item.id.is_called(text) for item in items)


def needless(
    valid: Sequence[Acceptance],
    environments: Sequence[EnvironmentComparison],
    classes: Sequence[ChangeClass],
) -> Iterator[tuple[Acceptance, str]]:
    """Yields the acceptances that accept nothing, each with the reason."""
    acceptable = {one.id for one in classes if one.acceptable}
    used = {
        consequence.accepted
        for environment in environments
        for _, consequence in environment.consequences
    }
    for one in valid:
        if one not in used and one.class_id in acceptable:
            yield one, "accepts nothing: no change of this object is in the class"
        elif one not in used:
            yield one, f"has no effect: a change of class {one.class_id} cannot be accepted"
