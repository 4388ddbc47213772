"""The comments of a YAML text, as ruamel.yaml finds them: a second reader, to check our edits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any


def comments(text: str) -> Counter[str]:
    """Each comment with the number of times that it occurs."""
    from ruamel.yaml import YAML

    counts: Counter[str] = Counter()
    for token in YAML(typ="rt").scan(text):
        for comment in _flat(token.comment):
            counts.update(line for line in map(str.strip, comment.value.splitlines()) if line)
    return counts


def _flat(comment: Any) -> Iterator[Any]:
    """ruamel.yaml keeps None, a comment, or lists of these."""
    if isinstance(comment, list):
        for item in comment:
            yield from _flat(item)
    elif comment is not None:
        yield comment
