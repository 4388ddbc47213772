"""Finds functions in the text of a template whose results differ between renders.

Comparing two renders is not enough, because a date differs only once a day.
"""

from __future__ import annotations

import re

_WORDS = re.compile(
    r"now|ago|unixEpoch|rand[A-Z]\w*|shuffle|uuidv4|gen[A-Z]\w*"
    r"|bcrypt|htpasswd|encryptAES|derivePassword"
)
# Without a value of toDate, these functions return the current date.
_DATES = frozenset({"date", "dateInZone", "date_in_zone", "htmlDate", "htmlDateInZone"})
_READ = frozenset({"toDate", "mustToDate"})

_COMMENT = re.compile(r"-?\s*/\*")
_TOKEN = re.compile(
    r"""
      (?P<end> \}\} )
    | (?P<text> "(?:[^"\\\n]|\\.)*" | `[^`]*` )
    | '(?:[^'\\\n]|\\.)*'
    | [.$][\w.]*              # a field, a variable
    | (?P<word> \w+ )
    | .
    """,
    re.VERBOSE | re.DOTALL,
)


def nondeterministic_functions(template: str) -> frozenset[str]:
    """The functions called by a template that return the time or random values."""
    found: set[str] = set()
    at = template.find("{{")
    while at >= 0:
        at, inner = _action(template, at + 2)
        found |= inner
        at = template.find("{{", at)
    return frozenset(found)


def _action(template: str, at: int) -> tuple[int, set[str]]:
    """The end of an action, and the functions in it. A string in it may also be a template."""
    if comment := _COMMENT.match(template, at):
        end = template.find("*/", comment.end())
        return (len(template) if end < 0 else end), set()
    words: set[str] = set()
    found: set[str] = set()
    while (token := _TOKEN.match(template, at)) and not token["end"]:
        at = token.end()
        if token["word"]:
            words.add(token["word"])
        elif token["text"] and "{{" in token["text"]:
            found |= nondeterministic_functions(token["text"][1:-1])
    dates = words & _DATES if not words & _READ else set()
    return at, found | dates | {word for word in words if _WORDS.fullmatch(word)}
