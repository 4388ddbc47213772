"""Functions of templates that give another result at each render, found in a template's text.

To compare two renders is not enough: a function that gives the date differs only once a day.
"""

from __future__ import annotations

import re

_WORDS = re.compile(
    r"now|ago|unixEpoch|rand[A-Z]\w*|shuffle|uuidv4|gen[A-Z]\w*"
    r"|bcrypt|htpasswd|encryptAES|derivePassword"
)
# Of a text, and not of what toDate made of it, they give the date of today.
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
    """The functions of a template that know the time or make something up."""
    found: set[str] = set()
    at = template.find("{{")
    while at >= 0:
        at, inner = _action(template, at + 2)
        found |= inner
        at = template.find("{{", at)
    return frozenset(found)


def _action(template: str, at: int) -> tuple[int, set[str]]:
    """Where it ends, and what is in it; a text in it may be a template too."""
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
