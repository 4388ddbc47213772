"""Colours of findings and summaries on a terminal."""

from __future__ import annotations

import pytest

from gitops_gen.cli import colour

BOLD, RED, YELLOW, GREEN, END = "\x1b[1m", "\x1b[31m", "\x1b[33m", "\x1b[32m", "\x1b[0m"


def test_an_error() -> None:
    line = "values/dev.yaml:3:5: tiers.web: unknown key [schema]"
    expected = f"{BOLD}values/dev.yaml:3:5: {END}tiers.web: unknown key{RED} [schema]{END}"
    assert colour.finding(line) == expected


def test_a_warning() -> None:
    coloured = colour.finding("values/dev.yaml:3:5: warning: a: b [image]")
    assert f"{YELLOW}warning: {END}a: b{YELLOW} [image]{END}" in coloured


@pytest.mark.parametrize("line", ["dev: valid", "", "a: b", "note: text [1]: more"])
def test_other_lines_have_no_colour(line: str) -> None:
    assert colour.findings(line) == line


def test_states() -> None:
    assert colour.state("  removed Service app/web") == f"{RED}  removed{END} Service app/web"
    assert colour.state("stale: a") == f"{YELLOW}stale{END}: a"
    assert colour.state("staleness: a") == "staleness: a"
