"""Tokens in texts, by the forms that their vendors give them: `ghp_…`, `dckr_pat_…`, `hf_…`.

The forms are those of Betterleaks' rules and of tools/token_forms/additional.toml;
tools/token_forms/update.py writes them to token_forms.json. A form is looked for only where one of
its keywords stands, and its pattern is compiled then.
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
    """Conditions on a token: its entropy, what of it is allowed, and what must be found in it."""

    id: str
    keywords: tuple[str, ...]
    """In small letters; every token has one of them in it."""
    pattern: str
    entropy: float = 0
    allowed: tuple[str, ...] = ()
    demanded: tuple[str, ...] = ()

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        return re.compile(self.pattern, re.ASCII)

    def tokens(self, text: str) -> Iterator[re.Match[str]]:
        return (found for found in self.compiled.finditer(text) if self._is_token(found))

    def _is_token(self, found: re.Match[str]) -> bool:
        """Placeholders and names have less entropy than a token, or are of words."""
        token = next(filter(None, found.groups()), found[0])
        if entropy(token) < self.entropy or _WORDS.fullmatch(token):
            return False
        if any(re.search(pattern, token) for pattern in self.allowed):
            return False
        return all(re.search(pattern, token) for pattern in self.demanded)


# A name such as tss_settings_of_the_pool: no token of several parts is without digits.
_WORDS = re.compile(r"[a-z]+(?:[_-][a-z]+){2,}|[A-Z]+(?:[_-][A-Z]+){2,}")


@cache
def forms() -> tuple[TokenForm, ...]:
    """All forms; read when the first text could have a token in it."""
    content = json.loads(Path(__file__).with_name("token_forms.json").read_bytes())
    return tuple(map(_form, content["forms"]))


@cache
def _forms_by_keyword() -> dict[str, tuple[TokenForm, ...]]:
    found: dict[str, tuple[TokenForm, ...]] = {}
    for form in forms():
        for keyword in form.keywords:
            found[keyword] = (*found.get(keyword, ()), form)
    return found


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
    """Every token of a known form in a text."""
    for form in _forms_in(text):
        yield from form.tokens(text)


def forms_of_tokens(text: str) -> Iterator[TokenForm]:
    """The forms of the tokens in a text."""
    return (form for form in _forms_in(text) if next(form.tokens(text), None))


# A message that quotes a long value ends it so.
_CUT = "…"
_CUT_WORD = re.compile(rf"[^\s'\"{_CUT}]+{_CUT}")


def cut_tokens(text: str) -> Iterator[str]:
    """Words that a message has cut short, and that begin as tokens do."""
    for word in _CUT_WORD.findall(text) if _CUT in text else ():
        small = word.lower()
        if any(keyword in small for keyword in _forms_by_keyword() if _tells(keyword)):
            yield word


def _tells(keyword: str) -> bool:
    """Whether it is rare in words that are not tokens: `ghp_` and `hf_`, but not `sk` or `http`."""
    if keyword.startswith("http"):
        return False
    short = len(keyword) <= 3
    return not short or (len(keyword) == 3 and keyword[0].isalnum() and not keyword.isalnum())


# No token is without so many characters in a row; the forms are not even read for other texts.
_RUN = re.compile(r"\S{12}")


@lru_cache(maxsize=1024)
def _forms_in(text: str) -> tuple[TokenForm, ...]:
    """The forms of which a keyword stands in the text."""
    if not _RUN.search(text):
        return ()
    small, forms_of = text.lower(), _forms_by_keyword()
    found = (form for keyword in forms_of if keyword in small for form in forms_of[keyword])
    return tuple(dict.fromkeys(found))
