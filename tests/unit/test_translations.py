"""The Korean pages contain the same commands, files and links as the English ones."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from tests.repository import ROOT

PAGES = {"README.md": "README.ko.md", "docs/first-steps.md": "docs/first-steps.ko.md"}
LANGUAGES = {"README.md", "README.ko.md"}
"""Both pages link to each other."""
BLOCK = re.compile(r"```(\w*)\n(.*?)```", re.DOTALL)
INLINE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)]+)\)")


def commands(text: str) -> list[str]:
    """Returns the lines of shell and YAML blocks and of example output, without comments."""
    blocks = (content for kind, content in BLOCK.findall(text) if "▼" not in content)
    return [line.split("    #")[0].rstrip() for block in blocks for line in block.splitlines()]


def names(text: str) -> Counter[str]:
    """Returns the texts in inline code, without duplicates."""
    return Counter(INLINE.findall(BLOCK.sub("", text)))


def links(text: str) -> list[str]:
    found = (link.replace(".ko.md", ".md") for link in LINK.findall(text))
    return [link for link in found if link not in LANGUAGES]


@pytest.mark.parametrize(("english", "korean"), PAGES.items())
def test_the_two_pages_agree(english: str, korean: str) -> None:
    left, right = ((ROOT / name).read_text(encoding="utf-8") for name in (english, korean))
    assert commands(right) == commands(left)
    assert names(right) == names(left)
    assert links(right) == links(left)


@pytest.mark.parametrize(("english", "korean"), PAGES.items())
def test_the_two_pages_have_the_same_structure(english: str, korean: str) -> None:
    def structure(name: str) -> list[str]:
        lines = BLOCK.sub("```", (ROOT / name).read_text(encoding="utf-8")).splitlines()
        return [line[:2] for line in lines if line.startswith(("#", "|", "```"))]

    assert structure(korean) == structure(english)
