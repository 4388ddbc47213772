"""What holds for every rule of the package, and for every place that reports something."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from gitops_gen.model import Rule, Severity
from gitops_gen.report.rules.page import page
from gitops_gen.rule_registry import PACKAGE, rules

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("rule", rules().values(), ids=rules())
def test_a_rule_says_what_why_and_what_to_do(rule: Rule) -> None:
    for text in (rule.title, rule.why, rule.remedy):
        assert text == " ".join(text.split())
        assert len(text.split()) >= 3
    assert not rule.title.endswith(".")
    assert rule.why.endswith(".")
    assert rule.remedy.endswith(".")


@pytest.mark.parametrize("rule", rules().values(), ids=rules())
def test_a_rule_that_can_be_excused_says_when(rule: Rule) -> None:
    assert ("excuse the finding" in rule.remedy) == rule.excusable


def test_the_page_of_rules_is_that_of_the_rules() -> None:
    stated = (ROOT / "docs/rules.md").read_text()
    command = "python -m gitops_gen.report.rules.page > docs/rules.md"
    assert stated == page(rules().values()), f"run {command}"


def test_errors_and_warnings_are_among_them() -> None:
    assert {rule.severity for rule in rules().values()} == {Severity.ERROR, Severity.WARNING}


def test_no_finding_is_made_of_a_text() -> None:
    """mypy refuses a text where a Rule is expected; here not even a variable may hide one."""
    made = [call for path in sorted(PACKAGE.rglob("*.py")) for call in _of_texts(path)]
    assert not made


def _of_texts(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Call) and _name(node.func) in ("Finding", "finding", "at"):
            first = node.args[2:3] if _name(node.func) == "at" else node.args[:1]
            if first and isinstance(first[0], ast.Constant | ast.JoinedStr):
                yield f"{path}:{node.lineno}"


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def test_every_rule_that_is_defined_anywhere_is_registered() -> None:
    made = {rule for path in PACKAGE.rglob("*.py") for rule in _ids(path)}
    assert made == set(rules())


def _ids(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Call) and _name(node.func) == "Rule":
            stated = [key.value for key in node.keywords if key.arg == "id"]
            yield ast.literal_eval((stated or node.args)[0])


def test_every_rule_is_used_by_its_module_or_by_another() -> None:
    texts = [path.read_text() for path in PACKAGE.rglob("*.py")]
    for path in PACKAGE.rglob("*.py"):
        for name in _defined(path):
            uses = sum(text.count(name) for text in texts)
            assert uses > 1, f"{path}: {name} reports nothing"


def _defined(path: Path) -> Iterator[str]:
    for node in ast.parse(path.read_bytes()).body:
        made = isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)
        if made and _name(node.value.func) == "Rule":
            yield _name(node.targets[0])
