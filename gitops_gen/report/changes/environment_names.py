"""How a comment names one or many environments."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gitops_gen.report.markdown import code, html_code

_FEW = 4
"""So many names are listed wherever the environments are named."""
_FIRST = 3


@dataclass(frozen=True)
class EnvironmentNames:
    """All environments of a comparison, which one name stands for if there are many."""

    every: tuple[str, ...]

    def markdown(self, names: Sequence[str]) -> str:
        """Returns the environments for a place in Markdown."""
        return self._named(names, code)

    def html(self, names: Sequence[str]) -> str:
        """Returns the environments for a place in HTML."""
        return self._named(names, html_code)

    def are_listed(self, names: Sequence[str]) -> bool:
        """Whether each of these environments is named."""
        return len(names) <= _FEW

    def _named(self, names: Sequence[str], printed: Callable[[str], str]) -> str:
        if self.are_listed(names):
            return ", ".join(map(printed, names))
        if len(names) == len(self.every):
            return f"all {len(names)} environments"
        first = ", ".join(map(printed, names[:_FIRST]))
        return f"{len(names)} environments ({first} and {len(names) - _FIRST} more)"
