"""Plain values are identical if a render writes the same for both."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from gitops_gen.affected.identical import are_identical


@dataclass(frozen=True)
class Port:
    number: object


@dataclass(frozen=True)
class Target:
    number: object


def grown(*items: int) -> set[int]:
    """A set whose order depends on the items that it had before."""
    found = set(range(100_000))
    found.intersection_update(items)
    return found


IDENTICAL = {
    "maps": ({"a": [1, {"b": None}]}, {"a": [1, {"b": None}]}),
    "dataclasses": (Port({"a": 1}), Port({"a": 1})),
    "sets with another history": (Port(grown(8, 65_536)), Port({65_536, 8})),
}
DIFFERENT = {
    "the order of a map": ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
    "a boolean and an integer": ([True], [1]),
    "an integer and a float": ({"a": 1}, {"a": 1.0}),
    "a text and a number": (Port("1"), Port(1)),
    "a key more": ({"a": 1}, {"a": 1, "b": 2}),
    "an item more": ([1], [1, 1]),
    "another class": (Port(1), Target(1)),
    "a set with another type": ({True}, {1}),
    "a map and a list": ({}, []),
    "nothing and a dataclass": (None, Port(1)),
}


@pytest.mark.parametrize(("first", "second"), IDENTICAL.values(), ids=list(IDENTICAL))
def test_identical(first: object, second: object) -> None:
    assert are_identical(first, second)


@pytest.mark.parametrize(("first", "second"), DIFFERENT.values(), ids=list(DIFFERENT))
def test_different(first: object, second: object) -> None:
    assert not are_identical(first, second)
