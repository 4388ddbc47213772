"""Quantities are compared by value, regardless of their notation."""

from __future__ import annotations

import pytest

from gitops_gen.components.quantities import value


@pytest.mark.parametrize(
    ("small", "large"),
    [
        ("999m", "1"),
        ("0.5", "501m"),
        ("1M", "1Mi"),
        ("1000Ki", "1Mi"),
        ("1023Mi", "1Gi"),
        ("1500m", "2"),
        ("0.1Gi", "128Mi"),
        ("1000000n", "2m"),
        ("999P", "1E"),
    ],
)
def test_order(small: str, large: str) -> None:
    assert value(small) < value(large)


@pytest.mark.parametrize(
    ("one", "other"),
    [("1", "1000m"), ("1Gi", "1024Mi"), ("1k", "1000"), ("0.25", "250m"), ("0.1", "100m")],
)
def test_equal(one: str, other: str) -> None:
    assert value(one) == value(other)


@pytest.mark.parametrize("text", ["", "m", "1 Gi", "1gi", "-1", "1.2.3", "1Mb", "\u0663", "."])
def test_not_a_quantity(text: str) -> None:
    with pytest.raises(ValueError, match="is not a quantity"):
        value(text)
