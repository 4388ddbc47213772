"""Places whose names speak of a secret and that hold none, as components declare them.

A component's folder may hold `not_secret.json`: the path of a value ("*" is any key) -> either the
`words` that the schema knows there, or a `pattern` of what stands there. No list of the folders is
kept here: this package stands below them, and every message asks it.
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
    """A place that holds no secret, and what may be shown of it."""

    path: tuple[str, ...]
    words: tuple[str, ...] = ()
    pattern: str = ""

    def is_at(self, path: Path) -> bool:
        same_length = len(path) == len(self.path)
        return same_length and all(
            one in ("*", key) for one, key in zip(self.path, path, strict=True)
        )

    def expects(self, text: str) -> bool:
        """Whether the text has the form that is declared; a typo of a word is no secret either."""
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
