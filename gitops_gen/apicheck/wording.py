"""The server's words as a user may read them: shortened, and without the secrets of manifests."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from gitops_gen import yaml
from gitops_gen.apicheck.field_names import path_of
from gitops_gen.errors import InvalidInput
from gitops_gen.model import Path, printable
from gitops_gen.secrets.hidden import PART_NOT_SHOWN, Hidden, without_tokens
from gitops_gen.secrets.places import NOT_SHOWN

_KIND_WITH_EXAMPLES = "CustomResourceDefinition"
"""The values in its schema are examples."""
_LARGEST = 1 << 20
"""Bytes of a manifest. To look for secrets in a larger one would take too long."""
_LONGEST = 400
_LONGEST_VALUE = 120
_QUOTED = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'[^']*'|`[^`]*`")


@dataclass(frozen=True)
class Wording:
    """What is said about one manifest, or about two of one object, the new one first."""

    values: tuple[Any, ...]
    hidden: tuple[Hidden, ...]
    readable: bool
    """Otherwise nothing is quoted."""

    @classmethod
    @lru_cache(maxsize=2)  # several questions are asked about one manifest, after each other
    def of(cls, manifests: tuple[bytes, ...]) -> Wording:
        if any(len(manifest) > _LARGEST for manifest in manifests):
            return cls((), (), readable=False)
        try:
            values = tuple(yaml.yaml_load(manifest) for manifest in manifests)
        except (InvalidInput, RecursionError):
            return cls((), (), readable=False)
        return cls(values, tuple(map(_hidden, values)), readable=True)

    def path(self, field: str) -> Path:
        return path_of(field, self.values[0] if self.values else None)

    def message(self, text: str, path: Path = ()) -> str:
        """`text`, which speaks of the field at `path`."""
        for hidden in self.hidden:
            text = hidden.masked(text, path)
        if not self.readable:
            text = _QUOTED.sub(PART_NOT_SHOWN, text)
        return printable(shortened(without_tokens(text)))

    def value(self, value: Any, path: Path) -> str:
        """A value of the object that stands, or is stored, at `path`, as JSON."""
        if not all(hidden.shows(path, value) for hidden in self.hidden):
            return NOT_SHOWN
        text = json.dumps(value, ensure_ascii=False)
        return shortened(self.message(text, path), _LONGEST_VALUE)


def _hidden(value: Any) -> Hidden:
    kind = value.get("kind") if isinstance(value, dict) else None
    return Hidden.of(None if kind == _KIND_WITH_EXAMPLES else value)


def shortened(text: str, longest: int = _LONGEST) -> str:
    """The server quotes whole Pod templates between the field and what is wrong with it."""
    if len(text) <= longest:
        return text
    start = longest // 3
    return f"{text[:start]} … {text[start - longest :]}"
