"""Finds tokens of vendors in texts by their form: `ghp_…`, `dckr_pat_…`, `hf_…`.

The forms come from the rules of Betterleaks and from tools/token_forms/additional.toml;
tools/token_forms/update.py writes them to token_forms.json. The pattern of a form is compiled and
used only if a text contains one of its keywords.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any

from gitops_gen.secrets.entropy import entropy


@dataclass(frozen=True)
class TokenForm:
    """The form of a token: a pattern, a minimum entropy, and patterns for exceptions."""

    id: str
    keywords: tuple[str, ...]
    """Lower-case words, of which every token contains at least one."""
    pattern: str
    entropy: float = 0
    allowed: tuple[str, ...] = ()
    demanded: tuple[str, ...] = ()

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        return re.compile(self.pattern, re.ASCII)

    def tokens(self, text: str) -> Iterator[re.Match[str]]:
        return (match for match in self.compiled.finditer(text) if self._is_token(match))

    def _is_token(self, match: re.Match[str]) -> bool:
        """Whether a match is a token, and not a placeholder or a name."""
        token = next(filter(None, match.groups()), match[0])
        if entropy(token) < self.entropy or _WORDS.fullmatch(token):
            return False
        if any(re.search(pattern, token) for pattern in self.allowed):
            return False
        return all(re.search(pattern, token) for pattern in self.demanded)


# A name such as tss_settings_of_the_pool. Tokens with several parts contain digits.
_WORDS = re.compile(r"[a-z]+(?:[_-][a-z]+){2,}|[A-Z]+(?:[_-][A-Z]+){2,}")


@cache
def forms() -> tuple[TokenForm, ...]:
    """Returns all forms. The file is read when the first text may contain a token."""
    content = json.loads(Path(__file__).with_name("token_forms.json").read_bytes())
    return tuple(map(_form, content["forms"]))


@cache
def _forms_by_keyword() -> dict[str, tuple[TokenForm, ...]]:
    by_keyword: dict[str, tuple[TokenForm, ...]] = {}
    for form in forms():
        for keyword in form.keywords:
            by_keyword[keyword] = (*by_keyword.get(keyword, ()), form)
    return by_keyword


def _form(entry: dict[str, Any]) -> TokenForm:
    return TokenForm(
        entry["id"],
        tuple(entry["keywords"]),
        entry["pattern"],
        entry.get("entropy", 0),
        tuple(entry.get("allowed", ())),
        tuple(entry.get("demanded", ())),
    )


def tokens(text: str) -> Iterator[re.Match[str]]:
    """Yields every token with a known form in a text."""
    for form in _forms_in(text):
        yield from form.tokens(text)


def forms_of_tokens(text: str) -> Iterator[TokenForm]:
    """Yields the forms of the tokens in a text."""
    return (form for form in _forms_in(text) if next(form.tokens(text), None))


# The character with which messages shorten long values.
_CUT = "…"
_CUT_WORD = re.compile(rf"[^\s'\"{_CUT}]+{_CUT}")


def cut_tokens(text: str) -> Iterator[str]:
    """Yields words that a message has shortened and that begin like tokens."""
    for word in _CUT_WORD.findall(text) if _CUT in text else ():
        small = word.lower()
        if any(keyword in small for keyword in _forms_by_keyword() if _is_distinctive(keyword)):
            yield word


def _is_distinctive(keyword: str) -> bool:
    """Whether other words rarely contain the keyword: `ghp_`, `hf_`, but not `sk` or `http`."""
    if keyword.startswith("http"):
        return False
    short = len(keyword) <= 3
    return not short or (len(keyword) == 3 and keyword[0].isalnum() and not keyword.isalnum())


# Every token has at least this many characters in a row. For other texts, no form is read.
_RUN = re.compile(r"\S{12}")


@lru_cache(maxsize=1024)
def _forms_in(text: str) -> tuple[TokenForm, ...]:
    """Returns the forms with a keyword that the text contains."""
    if not _RUN.search(text):
        return ()
    small, forms_of = text.lower(), _forms_by_keyword()
    found = (form for keyword in forms_of if keyword in small for form in forms_of[keyword])
    return tuple(dict.fromkeys(found))
