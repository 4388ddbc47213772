"""Prepares messages of the API server for users: shortened, and without secrets of manifests."""

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
"""A kind whose schema contains examples, which are not secret."""
_LARGEST = 1 << 20
"""The largest manifest, in bytes, that is searched for secrets. A larger one takes too long."""
_LONGEST = 400
_LONGEST_VALUE = 120
_QUOTED = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'[^']*'|`[^`]*`")


@dataclass(frozen=True)
class Wording:
    """Messages about one manifest, or about the new and the old manifest of one object."""

    values: tuple[Any, ...]
    hidden: tuple[Hidden, ...]
    readable: bool
    """Whether the manifests were searched for secrets. Otherwise no message quotes a value."""

    @classmethod
    @lru_cache(maxsize=2)  # callers ask several questions about one manifest
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
        """Returns the message `text` about the field at `path`, ready to be printed."""
        for hidden in self.hidden:
            text = hidden.masked(text, path)
        if not self.readable:
            text = _QUOTED.sub(PART_NOT_SHOWN, text)
        return printable(shortened(without_tokens(text)))

    def value(self, value: Any, path: Path) -> str:
        """Returns a value of the field at `path` as JSON, ready to be printed."""
        if not all(hidden.shows(path, value) for hidden in self.hidden):
            return NOT_SHOWN
        text = json.dumps(value, ensure_ascii=False)
        return shortened(self.message(text, path), _LONGEST_VALUE)


def _hidden(value: Any) -> Hidden:
    kind = value.get("kind") if isinstance(value, dict) else None
    return Hidden.of(None if kind == _KIND_WITH_EXAMPLES else value)


def shortened(text: str, longest: int = _LONGEST) -> str:
    """Returns the start and the end of a long text.

    The server quotes whole Pod templates, and states the fault after them.
    """
    if len(text) <= longest:
        return text
    start = longest // 3
    return f"{text[:start]} … {text[start - longest :]}"
