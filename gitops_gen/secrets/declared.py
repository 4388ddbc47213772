"""Paths that seem to contain secrets because of their names, but do not. Components declare them.

A component folder may contain `not_secret.json`, which maps the path of a value ("*" matches any
key) to either the `words` that the schema allows there, or a `pattern` of the value. The folders
are discovered automatically, because this package must not depend on components.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path as FilePath

from gitops_gen.secrets.walk import Path

COMPONENTS = FilePath(__file__).resolve().parents[1] / "components"
FILE = "not_secret.json"


@dataclass(frozen=True, slots=True)
class DeclaredPlace:
    """A path that contains no secret, and the values that may be shown."""

    path: tuple[str, ...]
    words: tuple[str, ...] = ()
    pattern: str = ""

    def is_at(self, path: Path) -> bool:
        same_length = len(path) == len(self.path)
        return same_length and all(
            declared in ("*", key) for declared, key in zip(self.path, path, strict=True)
        )

    def expects(self, text: str) -> bool:
        """Whether the text has the declared form. A typo of a word is not a secret either."""
        from difflib import get_close_matches

        if self.words:
            return bool(get_close_matches(text, self.words, n=1, cutoff=0.65))
        return re.fullmatch(self.pattern, text) is not None


def declared_place(path: Path) -> DeclaredPlace | None:
    return next((place for place in declared_places() if place.is_at(path)), None)


@cache
def declared_places() -> tuple[DeclaredPlace, ...]:
    return tuple(
        DeclaredPlace(tuple(path.split(".")), tuple(form.get("words", ())), form.get("pattern", ""))
        for file in sorted(COMPONENTS.glob(f"*/{FILE}"))
        for path, form in json.loads(file.read_bytes()).items()
    )
