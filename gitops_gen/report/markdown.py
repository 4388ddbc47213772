"""Texts of unknown origin in the Markdown of GitHub and GitLab.

Names, values and messages come from a pull request, whose author may want a comment to mention a
person, to show a link or a picture, or to hide a part of itself. Therefore such a text is only
written as code, in which nothing has a meaning. Plain words stay words, so that messages remain
readable.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from html import escape
from unicodedata import bidirectional

from gitops_gen.model import printable

MARKER = "<!-- gitops-gen: pull request -->"
"""The first line of a comment, by which a workflow finds the comment that it updates."""
LIMIT = 64_000
"""The greatest length of a comment. GitHub refuses more than 65,536 characters."""
LONGEST = 400
"""The greatest length of one text, such as a message or a value."""
_RIGHT_TO_LEFT = frozenset(("R", "AL", "AN"))
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
"""Characters that have no glyph, although Unicode counts them as letters, marks or symbols."""
_WORD = re.compile(
    r"\(?(?:[A-Za-z]+(?:'[a-z]+)?|[a-z]+(?:-[a-z]+)+|\d{1,6}%?)[.,;:]?\)?[.,;:]?|[(.,;:)]+"
)
_MAY_BE_A_COMMIT = re.compile(r"\W*[0-9a-f]{7,}\W*", re.IGNORECASE)
_AROUND = re.compile(r"(\(?)(.*?)([.,;:?)]*)", re.DOTALL)
_TICKS = re.compile(r"`+")
_QUOTED = re.compile(r"`([^`]+)`")


def length(text: str) -> int:
    """Returns the length in units of UTF-16, which is never less than the number of characters."""
    return len(text.encode("utf-16-le")) // 2


def size(lines: Iterable[str]) -> int:
    """Returns the length of lines, each with its line break."""
    return sum(length(line) + 1 for line in lines)


def visible(text: str, longest: int = LONGEST) -> str:
    """Returns a text on one line, of a limited length, in which every character can be seen.

    Letters of scripts that are written from right to left are replaced by their codes too, because
    they change the order of the characters around them.
    """
    shown = printable(text)
    if not shown.isascii():
        shown = "".join(one if _is_visible(one) else ascii(one)[1:-1] for one in shown)
    return shown if len(shown) <= longest else f"{shown[: longest - 1]}…"


def _is_visible(character: str) -> bool:
    is_left_to_right = bidirectional(character) not in _RIGHT_TO_LEFT
    return character.isascii() or (is_left_to_right and not _UNSEEN.match(character))


def code(text: str, longest: int = LONGEST) -> str:
    """Returns a code span, for a place in Markdown."""
    shown = visible(text, longest)
    if not shown.strip():
        shown = f'"{shown}"'
    ticks = "`" * (1 + _longest_run((shown,)))
    at_end = "`" in (shown[0], shown[-1]) or shown[0] == shown[-1] == " "
    pad = " " if at_end else ""
    return f"{ticks}{pad}{shown}{pad}{ticks}"


def html_code(text: str, longest: int = LONGEST) -> str:
    """Returns an element for a place in HTML, such as the summary of a folded part."""
    return f"<code>{escape(visible(text, longest))}</code>"


def prose(text: str, longest: int = LONGEST) -> str:
    """Returns a message, in which everything but plain words is a code span."""
    pieces = []
    for number, part in enumerate(_QUOTED.split(visible(text, longest))):
        pieces += [code(part, longest)] if number % 2 else list(_pieces(part.split()))
    return _joined(pieces)


def _pieces(words: Sequence[str]) -> Iterator[str]:
    """Yields plain words, and the words between them together as code."""
    unsafe: list[str] = []
    for word in words:
        if _WORD.fullmatch(word) and not _MAY_BE_A_COMMIT.fullmatch(word):
            yield from _spans(unsafe)
            yield word
            unsafe = []
        else:
            unsafe.append(word)
    yield from _spans(unsafe)


def _spans(words: Sequence[str]) -> Iterator[str]:
    """Yields a code span, with the punctuation around it outside."""
    text = " ".join(words)
    found = _AROUND.fullmatch(text)
    if found is None or not text:
        return
    start, inside, end = found.groups()
    is_whole = inside.count("(") == inside.count(")") and inside != ""
    yield f"{start}{code(inside)}{end}" if is_whole else code(text)


def _joined(pieces: Iterable[str]) -> str:
    """Returns the pieces with spaces between them, as in a sentence."""
    text = ""
    for piece in pieces:
        is_close = not text or piece[0] in ".,;:?)" or text[-1] == "("
        text += piece if is_close else f" {piece}"
    return text


def fence(lines: Iterable[str], language: str = "") -> list[str]:
    """Returns a block of code with these lines, none of which can end it."""
    shown = [visible(line) for line in lines]
    ticks = "`" * max(3, 1 + _longest_run(shown))
    return [f"{ticks}{language}", *shown, ticks]


def _longest_run(texts: Iterable[str]) -> int:
    return max((len(run) for text in texts for run in _TICKS.findall(text)), default=0)


def folded(summary: str, lines: Iterable[str], *, is_open: bool = False) -> list[str]:
    """Returns lines that the reader unfolds. `summary` is HTML."""
    start = "<details open>" if is_open else "<details>"
    return [f"{start}<summary>{summary}</summary>", "", *lines, "", "</details>", ""]


def limited(items: Iterable[str], budget: int, rest: Callable[[int], str]) -> list[str]:
    """Returns the first items that fit, and one more that says how many are left out."""
    every = list(items)
    shown: list[str] = []
    left = budget
    for item in every:
        left -= length(item) + 1
        if left < 0:
            return [*shown, rest(len(every) - len(shown))]
        shown.append(item)
    return shown
