"""Translates errors of libyaml into messages that state what is wrong and how to fix it."""

from __future__ import annotations

import re
from typing import Any

from gitops_gen.errors import InvalidInput
from gitops_gen.model import Position
from gitops_gen.yaml.source import RULE

_TAB = "YAML does not allow tabs for indentation; use spaces"
_BAD_ESCAPE = r"write \\ for a backslash, or use single quotes"
_BEGINNING = "an unquoted value cannot begin with 'CHARACTER'; quote it"
_CLOSE = "add the missing comma or bracket, or quote the value"
_QUOTE = "the quotation mark at CONTEXT is not closed; close it"
_DIRECTIVE = "directives (%YAML, %TAG) are not allowed; remove the line"

# Message of libyaml -> explanation. CONTEXT is the position at which the construct begins.
_EXPLANATIONS = {
    "found a tab character that violates indentation": _TAB,
    "found a tab character where an indentation space is expected": _TAB,
    "mapping values are not allowed in this context": (
        "unexpected ':' in an unquoted value; quote the value, or correct the indentation"
    ),
    "block sequence entries are not allowed in this context": (
        "a list cannot begin here; begin it on a new line"
    ),
    "did not find expected key": (
        "expected a key of the map that begins at CONTEXT; correct the indentation or the quotes"
    ),
    "did not find expected '-' indicator": (
        "expected an item of the list that begins at CONTEXT; correct the indentation"
    ),
    "did not find expected ',' or '}'": "the '{' at CONTEXT is not closed; " + _CLOSE,
    "did not find expected ',' or ']'": "the '[' at CONTEXT is not closed; " + _CLOSE,
    "found unexpected ':'": (
        "unexpected ':' in {…} or […]; add a space after it, or quote the value"
    ),
    "did not find expected node content": 'a key or a value is missing here; write it, or ""',
    "found unknown escape character": f"unknown escape in double quotes; {_BAD_ESCAPE}",
    "did not find expected hexdecimal number": f"unknown escape in double quotes; {_BAD_ESCAPE}",
    "found invalid Unicode character escape code": (
        "half of a surrogate pair is not a character; write the character itself"
    ),
    "did not find expected alphabetic or numeric character": _BEGINNING,
    "found character that cannot start any token": _BEGINNING,
    "found undefined tag handle": "a tag (!…) is not allowed here; quote the value",
    "did not find expected whitespace or line break": (
        "a tag (!…) is not allowed here; quote the value"
    ),
    "did not find expected comment or line break": (
        "unexpected text after the block indicator (| or >); begin the text on the next line"
    ),
    "did not find expected <document start>": (
        "unexpected text after the document; remove it, or correct the indentation"
    ),
    "could not find expected ':'": (
        "expected 'key: value'; add the colon, or correct the indentation"
    ),
    "found unexpected document indicator": _QUOTE,
    "found unexpected end of stream": _QUOTE,
    "found unknown directive name": "a line cannot begin with '%'; remove it, or quote the value",
    "found incompatible YAML document": _DIRECTIVE,
    "found duplicate %YAML directive": _DIRECTIVE,
}
_TOO_DEEP = "exceeded maximum nesting depth"
_AT_CONTEXT = {
    "could not find expected ':'",
    "found unexpected document indicator",
    "found unexpected end of stream",
    "found undefined tag handle",
    "did not find expected alphabetic or numeric character",
}


def too_deep(error: Any) -> int | None:
    """The index at which libyaml reached its own depth limit (1,000 in PyYAML 6.0.4), or None."""
    if getattr(error, "problem", None) != _TOO_DEEP:
        return None
    index: int = error.problem_mark.index
    return index


def explained(error: Any, text: str, file: str) -> InvalidInput:
    """The finding for an error of PyYAML, whose marks count from 0."""
    problem = getattr(error, "problem", None)
    if problem is None:
        reason = getattr(error, "reason", "it cannot be read")
        return InvalidInput.at(Position(file), f"is not YAML: {reason}", RULE)
    context = error.context_mark or error.problem_mark
    mark = context if problem in _AT_CONTEXT and context else error.problem_mark
    lines = text.split("\n")
    line = lines[mark.line] if mark.line < len(lines) else ""
    message, column = _message(problem, line, mark.column, context)
    return InvalidInput.at(Position(file, mark.line + 1, column + 1), message, RULE)


def _message(problem: str, line: str, column: int, context: Any) -> tuple[str, int]:
    character = line[column : column + 1]
    tab = re.match(r" *\t", line)
    if tab and (column < tab.end() or "tab character" in problem):
        return _TAB, tab.end() - 1
    meaning = _EXPLANATIONS.get(problem)
    if meaning is None:
        return f"is not YAML: {problem}; correct the indentation or the quotes here", column
    began = f"{context.line + 1}:{context.column + 1}" if context else "the start"
    return meaning.replace("CONTEXT", began).replace("CHARACTER", character), column
