"""Finds which values the templates of a chart read, by their texts.

Charts read values that their values.yaml does not contain, and pass whole maps on to Kubernetes.
Both must not be reported as unknown keys. The texts are not evaluated, so the result is an estimate
that admits too much rather than too little.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

Keys = tuple[str, ...]

_ACTION = re.compile(r"\{\{-?\s*(.*?)\s*-?\}\}", re.DOTALL)
_REFERENCE = re.compile(r"(\$\w*|(?<![\w.)\]\"`$]))((?:\.[A-Za-z_]\w*)+)")
_INDEX = re.compile(r"\b(?:index|get)\s+\(?\$?\w*((?:\.\w+)+)((?:\s+\"[^\"\n]+\")+)")
_QUOTED = re.compile(r"[\"`]([^\"`\n]*)[\"`]")
_ALIAS = re.compile(r"\$(\w+)\s*:?=\s*(?:\$\w*)?(?:\.\w+)+$")
_BARE_DOT = re.compile(r"(?<![\w.$)\]\"`])\.(?![\w.])")
_BARE_VARIABLE = re.compile(r"\$(\w+)(?![\w.])(?!\s*:?=)")
_PASSED_VALUES = re.compile(r"(?<!index )(?<!hasKey )(?<!index \$)(?<!hasKey \$)\.Values(?![\w.])")
_BLOCKS = frozenset({"if", "with", "range", "define", "block"})
_BUILT_IN = frozenset({"Release", "Chart", "Capabilities", "Files", "Template", "Subcharts"})
VALUES = "Values"


@dataclass(slots=True)
class _Action:
    """One `{{ … }}` of a template."""

    text: str
    uses_dot: bool = False
    """Whether the dot inside of the block that the action opens is used as a whole."""

    @property
    def head(self) -> str:
        return self.text.split(maxsplit=1)[0] if self.text else ""


@dataclass(frozen=True, slots=True)
class _ValueReference:
    """A reference such as `$.Values.image.tag`: the keys before the last one, and its use."""

    keys: Keys
    is_whole: bool
    """Whether everything below the last key is used."""


@dataclass(frozen=True)
class TemplateReads:
    """What the templates of a chart read."""

    texts: tuple[str, ...] = field(repr=False)

    def reads(self, path: Keys) -> bool:
        """Whether a template probably reads the key at the path, which is that in the chart."""
        if path[-1] in self._quoted:
            return True
        found = self._by_key.get(path[-1], ())
        return any(self._leads_to(above, path[:-1]) for above, _ in found)

    def uses_whole(self, path: Keys) -> bool:
        """Whether a template uses all keys of the map at the path, for example with `toYaml`."""
        found = self._by_key.get(path[-1] if path else VALUES, ())
        whole = (above for above, is_whole in found if is_whole)
        if not path:
            return any(True for _ in whole)
        return any(self._leads_to(above, path[:-1]) for above in whole)

    def _leads_to(self, written: Keys, path: Keys) -> bool:
        """Whether the keys of a reference are those of a path, or relative to a part of it."""
        if VALUES in written:
            start = len(written) - written[::-1].index(VALUES)
            return written[start:] == path
        if not written and not path:
            return self._passes_values
        if not written or written == path[-len(written) :]:
            return True
        # A named template gets its arguments as a map: `dict "config" .Values.config`.
        return written[0] in self._quoted and self._leads_to(written[1:], path)

    @cached_property
    def _passes_values(self) -> bool:
        """Whether a template is called with all values, so that it reads `.key` of them."""
        return any(_PASSED_VALUES.search(text) for text in self.texts)

    @cached_property
    def _by_key(self) -> Mapping[str, set[tuple[Keys, bool]]]:
        """Key -> the keys before it in references, and whether the reference ends and is whole."""
        found: dict[str, set[tuple[Keys, bool]]] = {}
        for text in self.texts:
            for one in _references(text):
                for at, key in enumerate(one.keys):
                    is_whole = one.is_whole and at == len(one.keys) - 1
                    found.setdefault(key, set()).add((one.keys[:at], is_whole))
        return found

    @cached_property
    def _quoted(self) -> frozenset[str]:
        """The strings in templates: `index .Values "key"`, and the names of arguments."""
        return frozenset(
            found for text in self.texts for one in _actions(text) for found in _quoted(one)
        )


def _quoted(action: _Action) -> list[str]:
    return _QUOTED.findall(action.text)


def _actions(text: str) -> list[_Action]:
    """Returns the actions of a template without its comments."""
    found = [_Action(one) for one in _ACTION.findall(text) if not one.startswith("/*")]
    blocks: list[_Action] = []
    for action in found:
        if _BARE_DOT.search(_QUOTED.sub('""', action.text)):
            _mark_dot(blocks)
        if action.head in _BLOCKS:
            blocks.append(action)
        elif action.head == "end" and blocks:
            blocks.pop()
    return found


def _mark_dot(blocks: Iterable[_Action]) -> None:
    """Notes the use of the dot in the innermost block that sets it."""
    for block in reversed(list(blocks)):
        if block.head != "if":
            block.uses_dot = True
            return


def _references(text: str) -> Iterator[_ValueReference]:
    """Yields the references of a template, also those with `index .Values "key"`."""
    actions = _actions(text)
    conditions = ("if", "else")
    bare = {
        name
        for action in actions
        if action.head not in conditions
        for name in _BARE_VARIABLE.findall(action.text)
    }
    for action in actions:
        is_whole = _uses_whole(action, bare)
        for _, dotted in _REFERENCE.findall(_QUOTED.sub('""', action.text)):
            keys = tuple(dotted[1:].split("."))
            if keys[0] not in _BUILT_IN:
                yield _ValueReference(keys, is_whole and _is_map_of_chart(keys, action))
        for dotted, quoted in _INDEX.findall(action.text):
            yield _ValueReference((*dotted[1:].split("."), *_QUOTED.findall(quoted)), is_whole)


def _is_map_of_chart(keys: Keys, action: _Action) -> bool:
    """Whether a reference is a map of values, and not all values for another template."""
    return keys[-1] != VALUES or action.head in ("range", "toYaml")


def _uses_whole(action: _Action, bare_variables: set[str]) -> bool:
    """Whether an action uses everything below its references."""
    if action.head in ("if", "else"):
        return False
    if action.head == "with":
        return action.uses_dot
    alias = _ALIAS.match(action.text)
    return alias is None or alias[1] in bare_variables
