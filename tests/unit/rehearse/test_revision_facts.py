"""The line of the values that caused a server's message about an object."""

from __future__ import annotations

import pytest

from gitops_gen.model import Position
from gitops_gen.rehearse.revision_facts import ComponentFacts, ValueLine

SECTION = Position("values/dev.yaml", 6, 3)
SIZE = Position("values/dev.yaml", 9, 11)
TAG = Position("values/base.yaml", 4, 10)
COMPONENT = ComponentFacts(
    "postgres",
    10,
    "database",
    SECTION,
    lines=(
        ValueLine(("postgres", "storage", "size"), "7Gi", SIZE),
        ValueLine(("postgres", "image", "tag"), "17.2", TAG),
    ),
)


@pytest.mark.parametrize(
    ("message", "place"),
    [
        ('Invalid value: "7Gi": must be less', SIZE),
        ("spec.image.tag: is too old", TAG),
        ("something else entirely", SECTION),
        ('StatefulSet "postgres" is invalid', SECTION),
        ("both size and tag are wrong", SECTION),
    ],
)
def test_the_line_that_a_message_is_about(message: str, place: Position) -> None:
    assert COMPONENT.line_behind(message) == place
