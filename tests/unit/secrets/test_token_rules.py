"""How tools/token_forms/update.py translates the rules that token_forms.json is made from."""

from __future__ import annotations

import re
import sys
import tomllib
from importlib import util
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from gitops_gen.secrets import token_forms

HERE = Path(__file__).parent
SCRIPT = HERE.parents[2] / "tools/token_forms/update.py"


@pytest.fixture(scope="module")
def update() -> ModuleType:
    spec = util.spec_from_file_location("update", SCRIPT)
    assert spec
    assert spec.loader
    module = util.module_from_spec(spec)
    # A dataclass looks for its module there.
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def read(name: str) -> dict[str, Any]:
    return tomllib.loads((HERE / name).read_text())


def test_each_rule_is_taken_or_left_out_for_a_reason(update: ModuleType) -> None:
    forms, left_out = update.convert(read("rules.toml"), read("additional.toml"))
    assert forms == [
        {
            "id": "a-flag-in-the-middle",
            "keywords": ["acme_", "corp_"],
            "pattern": r"\b(acme_(?i:[a-z]{4})|(?i:corp_[0-9]{4,1000}))(?![\w-])",
            "entropy": 3.0,
            "allowed": [r"^acme_none\Z"],
            "demanded": ["[a-z]"],
        },
        {
            "id": "keywords-that-are-not-in-the-token",
            "keywords": ["corp"],
            "pattern": r"corp(?:1|2)_[0-9a-f]{32}",
        },
        {
            "id": "an-end-of-another-kind",
            "keywords": ["corp-"],
            "pattern": r"(corp-[\w-]{100,1000}={0,2})",
        },
        {
            "id": "an-additional-rule-is-better",
            "source": "https://example.com/tokens",
            "keywords": ["acme_"],
            "pattern": r"(?<![\w-])(acme_[a-z0-9]{8})(?![\w-])",
            "entropy": 2.0,
        },
        {
            "id": "a-name-before-a-token-with-a-beginning",
            "keywords": ["acme-"],
            "pattern": r"(?<![\w-])(ACME-(?i:[a-z0-9]{27}))(?![\w-])",
            "entropy": 3.0,
        },
        {
            "id": "a-name-or-a-beginning",
            "keywords": ["acmeatt"],
            "pattern": r"(?i:\b(ACMEATT[a-z]{9})(?![\w-]))",
            "entropy": 3.0,
        },
    ]
    assert left_out == {
        "by-the-words-around-it": "its token is recognised only by the words around it",
        "an-identifier": "what it finds is no secret",
        "of-one-file": "it is about files of one name",
        "never-done": "long texts could keep its pattern busy",
        "a-filter-of-another-kind": "its filter is not understood",
    }


@pytest.mark.parametrize(
    "pattern",
    [
        r"acme_[a-z]{1,200}_?[a-z]{1,200}x",
        r"acme(?:.|[\n\r]){0,32}?(?:key|token)(?:.|[\n\r]){0,32}?\b([a-f0-9]{32})\b",
    ],
)
def test_a_pattern_with_many_ways_to_match_is_not_taken(update: ModuleType, pattern: str) -> None:
    with pytest.raises(update.LeftOutError, match="long texts could keep its pattern busy"):
        update.check_repeats(pattern)


def test_no_form_has_many_ways_to_match(update: ModuleType) -> None:
    for form in token_forms.forms():
        update.check_repeats(form.pattern)


def test_every_form_that_no_rule_gives_names_its_source(update: ModuleType) -> None:
    for rule in tomllib.loads(update.ADDITIONAL.read_text())["rules"]:
        assert rule["source"].startswith("https://")
        assert rule["id"] in {form.id for form in token_forms.forms()}


@pytest.mark.parametrize(
    ("in_go", "in_python"),
    [
        (r"a(?i)b|c", r"a(?i:b)|(?i:c)"),
        (r"(a(?i)b)c", r"(a(?i:b))c"),
        (r"(?i)a(?-i)b", r"(?i:a)(?-i:b)"),
        (r"[[:alnum:]_]{3}\z", r"[A-Za-z0-9_]{3}\Z"),
        (r"[^]+*]a+?", r"[^]+*]a{1,1000}?"),
        (r"(?:a|b)\*$", r"(?:a|b)\*\Z"),
        (r"a{40,}(?:[\x60'\"\s;]|\\[nr]|$)", r"a{40,1000}(?:[\x60'\"\s;]|\\[nr]|\Z)"),
    ],
)
def test_a_pattern_means_in_python_what_it_means_in_go(
    update: ModuleType, in_go: str, in_python: str
) -> None:
    assert update.python_pattern(in_go) == in_python
    re.compile(in_python)
