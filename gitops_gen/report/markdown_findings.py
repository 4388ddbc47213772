"""Findings as items of a list in Markdown. The same finding at several places is one item."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from gitops_gen.model import COMMAND_LINE, Finding
from gitops_gen.report.markdown import code, prose

_MOST_PLACES = 3
_MOST_OF_RULE = 3
"""The most findings of one rule that are listed, so that those of other rules are seen."""


def finding_items(found: Iterable[Finding], command: str = "--format text") -> Iterator[str]:
    """Yields one line per message, with the rule and the first places.

    The findings of a rule follow each other. `command` shows those that are left out.
    """
    places: dict[tuple[str, str, str], list[str]] = {}
    for finding in found:
        about = str(finding.severity), finding.rule.id, finding.message
        position = finding.position
        places.setdefault(about, []).append("" if position == COMMAND_LINE else str(position))
    numbers = Counter(rule for _, rule, _ in places)
    order = {rule: number for number, rule in enumerate(numbers)}
    shown: Counter[str] = Counter()
    for key, positions in sorted(places.items(), key=lambda item: order[item[0][1]]):
        severity, rule, message = key
        shown[rule] += 1
        if shown[rule] <= _MOST_OF_RULE:
            where = _where(list(dict.fromkeys(filter(None, positions))))
            yield f"- **{severity}** {code(rule)}{where}: {prose(message)}"
        elif shown[rule] == numbers[rule]:
            number = numbers[rule] - _MOST_OF_RULE
            yield f"- **… and {number} more** of the rule {code(rule)}, which {code(command)} shows"


def _where(positions: list[str]) -> str:
    if not positions:
        return ""
    rest = len(positions) - _MOST_PLACES
    more = f" and {rest} more" if rest > 0 else ""
    return f" {', '.join(map(code, positions[:_MOST_PLACES]))}{more}"
