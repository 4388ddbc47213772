"""Ranges of versions mean what they mean in Helm (Masterminds/semver)."""

from __future__ import annotations

import pytest

from gitops_gen.charts.versions import ChartVersion, VersionRange, newest

RANGES = [
    # range, versions in it, versions outside of it
    ("1.2.3", "1.2.3 1.2.3+build", "1.2.4"),
    ("v1.2.3", "1.2.3", "1.2.4"),
    ("^1.2", "1.2.0 1.9.0", "1.1.9 2.0.0"),
    ("^0.2.3", "0.2.3 0.2.9", "0.2.2 0.3.0"),
    ("^0.0.3", "0.0.3", "0.0.4"),
    ("^0", "0.0.1 0.9.0", "1.0.0"),
    ("~1.2.3", "1.2.3 1.2.9", "1.2.2 1.3.0"),
    ("~1", "1.0.0 1.9.0", "2.0.0"),
    ("1.x", "1.0.0 1.9.9", "2.0.0"),
    ("1.2.*", "1.2.0 1.2.9", "1.3.0"),
    ("1.2", "1.2.0 1.2.9", "1.3.0"),
    ("*", "0.0.1 9.9.9", "1.0.0-rc.1"),
    (">1", "2.0.0", "1.0.0 1.9.9"),
    (">1.2.3", "1.2.4", "1.2.3"),
    (">=1.2, <2", "1.2.0 1.9.9", "1.1.9 2.0.0"),
    (">= 1.2 < 2 || 3.x", "1.5.0 3.1.0", "2.0.0 4.0.0"),
    ("<=1.2", "1.2.9", "1.3.0"),
    ("1.2 - 2.3", "1.2.0 2.3.9", "1.1.9 2.4.0"),
    ("!=1.2.3", "1.2.4", "1.2.3"),
    ("1.x, !=1.2.x", "1.3.0", "1.2.0 1.2.9 2.0.0"),
    (">=1.0.0-0", "1.0.0-rc.1 1.0.0", "0.9.0"),
    ("^1.0.0", "1.1.0", "1.1.0-rc.1"),
]


@pytest.mark.parametrize(("text", "inside", "outside"), RANGES)
def test_a_range_admits_versions(text: str, inside: str, outside: str) -> None:
    found = VersionRange.parse(text)
    assert found is not None
    assert {one: found.admits(version(one)) for one in inside.split()} == dict.fromkeys(
        inside.split(), True
    )
    assert not any(found.admits(version(one)) for one in outside.split())


def version(text: str) -> ChartVersion:
    found = ChartVersion.parse(text)
    assert found is not None
    return found


@pytest.mark.parametrize(
    "text", ["", " ", "latest", ">", ">>1", "1.2.3.4", "1.2 -", "1..2", "^", "1.2.3 || ", "1 2 ,"]
)
def test_another_text_is_no_range(text: str) -> None:
    assert VersionRange.parse(text) is None


@pytest.mark.parametrize("text", ["1.2", "01.2.3", "1.2.3-", "v", "1.2.3\n", "1.2.3+", "1.2.x"])
def test_another_text_is_no_version(text: str) -> None:
    assert ChartVersion.parse(text) is None


def test_the_order_of_versions() -> None:
    """The order that the specification of semantic versioning gives as an example."""
    labels = ["alpha", "alpha.1", "alpha.beta", "beta", "beta.2", "beta.11", "rc.1"]
    texts = [*(f"1.0.0-{label}" for label in labels), "1.0.0", "1.0.1", "1.10.0", "v2.0.0"]
    assert sorted(map(version, reversed(texts))) == list(map(version, texts))


def test_the_newest_version_is_a_release() -> None:
    found = newest(["1.0.0", "2.0.0-rc.1", "not a version", "1.10.0", "1.9.0"])
    assert found is not None
    assert found.text == "1.10.0"
    assert newest(["2.0.0-rc.1"]) is None
