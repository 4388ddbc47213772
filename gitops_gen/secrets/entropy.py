"""Measures how random the characters of a text are."""

from __future__ import annotations

from collections import Counter
from math import log2


def entropy(text: str) -> float:
    """Returns the Shannon entropy in bits per character."""
    shares = [count / len(text) for count in Counter(text).values()]
    return -sum(share * log2(share) for share in shares)
