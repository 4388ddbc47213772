"""Requirements for every rule of the package, and for all code that reports findings."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from gitops_gen import yaml
from gitops_gen.checks.rules import object_rules
from gitops_gen.model import Rule, Severity
from gitops_gen.report.rules.page import page
from gitops_gen.rule_registry import PACKAGE, rules

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("rule", rules().values(), ids=rules())
def test_a_rule_has_title_reason_and_remedy(rule: Rule) -> None:
    for text in (rule.title, rule.why, rule.remedy):
        assert text == " ".join(text.split())
        assert len(text.split()) >= 3
    assert not rule.title.endswith(".")
    assert rule.why.endswith(".")
    assert rule.remedy.endswith(".")


@pytest.mark.parametrize("rule", rules().values(), ids=rules())
def test_the_remedy_of_an_excusable_rule_mentions_excuses(rule: Rule) -> None:
    assert ("excuse the finding" in rule.remedy) == rule.excusable


OBJECT_RULES = [one.rule for one in object_rules()]


@pytest.mark.parametrize("rule", OBJECT_RULES, ids=[rule.id for rule in OBJECT_RULES])
def test_a_rule_over_objects_has_two_different_examples(rule: Rule) -> None:
    bad, good = (list(yaml.documents(text.encode(), "")) for text in (rule.bad, rule.good))
    assert bad
    assert good
    assert rule.bad != rule.good


def test_the_page_of_rules_is_up_to_date() -> None:
    stated = (ROOT / "docs/rules.md").read_text()
    command = "python -m gitops_gen.report.rules.page > docs/rules.md"
    assert stated == page(rules().values()), f"run {command}"


def test_rules_have_all_severities() -> None:
    assert {rule.severity for rule in rules().values()} == set(Severity)


def test_no_finding_has_a_string_as_rule() -> None:
    """mypy refuses a string in place of a Rule. This test also finds strings in variables."""
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
    used = {rule.id for path in sorted(PACKAGE.rglob("*.py")) for rule in _used(path)}
    # The rules over rendered objects are used by the code that discovers them.
    used |= {one.rule.id for one in object_rules()}
    assert set(rules()) - used == set(), "these rules report nothing"


def _used(path: Path) -> Iterator[Rule]:
    """Yields the rules that the code of a module uses. A definition or an import is not a use."""
    tree = ast.parse(path.read_bytes())
    names = {name: rule for node in ast.walk(tree) for name, rule in _bound(node, path)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in names:
            yield names[node.id]


def _bound(node: ast.AST, path: Path) -> Iterator[tuple[str, Rule]]:
    """Yields the names of rules that a statement assigns or imports, at any depth."""
    if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(PACKAGE.name):
        module = import_module(node.module or "")
        found = ((one.asname or one.name, getattr(module, one.name, None)) for one in node.names)
        yield from ((name, value) for name, value in found if isinstance(value, Rule))
    elif isinstance(node, ast.Assign) and _is_definition(node.value):
        name = _name(node.targets[0])
        yield name, getattr(import_module(_module(path)), name)


def _is_definition(value: ast.expr) -> bool:
    return isinstance(value, ast.Call) and _name(value.func) == "Rule"


def _module(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts).removesuffix(".__init__")


UNUSED = """
from gitops_gen.render.write.stale_files import FOREIGN, STALE as STALE_FILE
# FOREIGN
'''STALE and FOREIGN'''
def findings():
    yield STALE_FILE
"""


def test_a_rule_that_is_only_imported_or_mentioned_is_not_used(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text(UNUSED)
    assert [rule.id for rule in _used(module)] == ["stale-file"]
