"""Findings as items of a list in Markdown. The same finding at several places is one item."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gitops_gen.model import COMMAND_LINE, Finding
from gitops_gen.report.markdown import code, prose

_MOST_PLACES = 3


def finding_items(found: Iterable[Finding]) -> Iterator[str]:
    """Yields one line per message, with the rule and the first places."""
    places: dict[tuple[str, str, str], list[str]] = {}
    for finding in found:
        key = str(finding.severity), finding.rule.id, finding.message
        position = finding.position
        places.setdefault(key, []).append("" if position == COMMAND_LINE else str(position))
    for (severity, rule, message), positions in places.items():
        where = _where(list(dict.fromkeys(filter(None, positions))))
        yield f"- **{severity}** {code(rule)}{where}: {prose(message)}"


def _where(positions: list[str]) -> str:
    if not positions:
        return ""
    rest = len(positions) - _MOST_PLACES
    more = f" and {rest} more" if rest > 0 else ""
    return f" {', '.join(map(code, positions[:_MOST_PLACES]))}{more}"
