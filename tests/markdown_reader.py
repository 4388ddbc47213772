"""Reads a comment as GitHub does, and finds what the author of a pull request may have smuggled in.

GitHub parses CommonMark, and then looks in all text outside of code for mentions, references to
issues and commits, addresses and codes of emoji.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

_ACTIVE = re.compile(
    r"""@\w | \#\d | \bGH-\d | \b[0-9a-f]{7,40}\b | :// | \bwww\. | :[\w+-]+:
    | \w+@\w | [<>`\[\]|~*\\] | [\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f]""",
    re.VERBOSE | re.IGNORECASE,
)
"""What has a meaning on GitHub in a text outside of code, or cannot be seen."""
_HTML = re.compile(
    r"<details(?: open)?><summary>(?P<summary>.*)</summary>|</details>|</?blockquote>|<!-- .* -->"
)
_IN_SUMMARY = re.compile(r"<code>[^<>]*</code>|</?b>")
_INLINE = ("<sub>", "</sub>")
_PARSER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def problems(text: str) -> list[str]:
    """Returns what is not balanced, and everything outside of code that has a meaning."""
    tokens = _PARSER.parse(text)
    lines = text.split("\n")
    found = [*_open_fences(tokens, lines), *_unbalanced(tokens)]
    for token in tokens:
        for child in token.children or ():
            found += _of_inline(child)
    return found


def links(text: str) -> list[str]:
    """Returns the targets of all links."""
    children = (child for token in _PARSER.parse(text) for child in token.children or ())
    return [str(one.attrs["href"]) for one in children if one.type == "link_open"]


def code_of(text: str) -> str:
    """Returns the content of all code, in which nothing has a meaning."""
    tokens = _PARSER.parse(text)
    spans = [c.content for t in tokens for c in t.children or () if c.type == "code_inline"]
    return "\n".join([*(t.content for t in tokens if t.type == "fence"), *spans])


def _of_inline(token: Token) -> Iterator[str]:
    if token.type == "text":
        # These two are written by the report: a checkbox and the first line of an alert.
        content = re.sub(r"^\[ \]|^\[![A-Z]+\]", "", token.content)
        yield from (f"{one!r} in {token.content!r}" for one in _ACTIVE.findall(content))
    elif token.type == "html_inline" and token.content not in _INLINE:
        yield f"HTML {token.content!r}"
    elif token.type == "image":
        yield f"picture {token.attrs!r}"


def _open_fences(tokens: list[Token], lines: list[str]) -> Iterator[str]:
    for token in tokens:
        if token.type in ("fence", "code_block"):
            start, end = token.map or (0, 0)
            if token.type == "code_block" or lines[end - 1].strip() != token.markup:
                yield f"a block of code that starts at line {start + 1} has no end"


def _unbalanced(tokens: list[Token]) -> Iterator[str]:
    """Yields elements of HTML blocks that are not closed, or that the report never writes."""
    stack: list[str] = []
    for token in tokens:
        for line in token.content.splitlines() if token.type == "html_block" else ():
            found = _HTML.fullmatch(line)
            if found is None:
                yield f"HTML {line!r}"
            elif line.startswith("</"):
                if not stack or stack.pop() != line[2:-1]:
                    yield f"{line} closes nothing"
            elif line.startswith(("<details", "<blockquote")):
                stack.append("details" if "details" in line else "blockquote")
                summary = _IN_SUMMARY.sub("", found["summary"] or "")
                yield from (f"{one!r} in {line!r}" for one in _ACTIVE.findall(summary))
    yield from (f"<{name}> is not closed" for name in stack)
