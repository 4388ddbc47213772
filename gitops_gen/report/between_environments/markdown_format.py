"""The differences between two environments in Markdown: the text, as a block of code."""

from __future__ import annotations

from gitops_gen.changes.between_environments import EnvironmentsCompared
from gitops_gen.report.between_environments import text_format
from gitops_gen.report.markdown import LIMIT, fence, limited, visible

_LONGEST = LIMIT - 2_000
"""The greatest length of the lines, without the title and the fences of the block."""


def full_report(compared: EnvironmentsCompared) -> str:
    title, *lines = text_format.full_report(compared).splitlines()
    shown = limited(map(visible, lines), _LONGEST, _more)
    return "\n".join([*fence([title]), "", *fence(shown, "diff")]) + "\n"


def _more(number: int) -> str:
    return f"({number} more lines, which the format text shows)"
