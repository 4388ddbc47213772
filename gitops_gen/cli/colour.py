"""Colours on a terminal.

click removes them if the output is not a terminal. NO_COLOR (no-color.org) and a terminal without
colours remove them everywhere.
"""

from __future__ import annotations

import os
import re
import sys

import click

_FINDING = re.compile(
    r"(?P<place>[^\s:]+(?::\d+:\d+)?: )(?P<level>warning: )?(?P<text>.*)", re.DOTALL
)
_RULE = re.compile(r" \[[a-z0-9-]+\]$")
_STATES = {
    "new": "green",
    "changed": "yellow",
    "stale": "yellow",
    "missing": "yellow",
    "removed": "red",
    "obsolete": "red",
}
_STATE = re.compile(rf"^ *({'|'.join(_STATES)})\b")


def wanted() -> bool | None:
    """Returns False if no colours are wanted, and None if the output decides."""
    unwanted = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return False if unwanted else None


def on_standard_output() -> bool:
    """Returns whether standard output is a terminal that shows colours."""
    return wanted() is None and sys.stdout is not None and sys.stdout.isatty()


def finding(line: str) -> str:
    """Returns a line in colours if it is a finding, which ends with the id of its rule."""
    match, rule = _FINDING.fullmatch(line), _RULE.search(line)
    if match is None or rule is None:
        return line
    level = match["level"] or ""
    colour = "yellow" if level else "red"
    text = match["text"].removesuffix(rule[0])
    place = click.style(match["place"], bold=True)
    styled_level = click.style(level, fg=colour) if level else ""
    return f"{place}{styled_level}{text}{click.style(rule[0], fg=colour)}"


def findings(text: str) -> str:
    return "\n".join(map(finding, text.split("\n")))


def state(line: str) -> str:
    """Returns a line of a summary; the word for a new, changed or removed object has a colour."""
    match = _STATE.match(line)
    if match is None:
        return line
    return f"{click.style(match[0], fg=_STATES[match[1]])}{line[match.end() :]}"
