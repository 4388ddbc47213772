"""Names that readers of the package meet."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import gitops_gen

PACKAGE = Path(gitops_gen.__file__).parent
FILES = [path for path in sorted(PACKAGE.rglob("*.py")) if "scaffold/files" not in str(path)]

UNCLEAR = {
    *("asleep", "guarded", "unsteady", "needs", "fit", "fits", "misfit", "saying", "told", "said"),
    *("known", "further", "here", "there", "own", "other", "others", "what"),
}
"""Names that say nothing of what they stand for."""


def names(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """The names that a module gives, with their lines."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.lineno, node.name
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.attr


def test_no_two_classes_share_a_name() -> None:
    places: dict[str, list[str]] = defaultdict(list)
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.ClassDef):
                places[node.name.lstrip("_")].append(f"{path.relative_to(PACKAGE)}:{node.lineno}")
    assert {name: lines for name, lines in places.items() if len(lines) > 1} == {}


def test_no_name_is_a_pronoun_or_a_private_word() -> None:
    found = [
        f"{path.relative_to(PACKAGE)}:{line}: {name}"
        for path in FILES
        for line, name in names(ast.parse(path.read_bytes()))
        if name.strip("_").lower() in UNCLEAR
    ]
    assert found == []
    assert not {path.stem for path in FILES} & UNCLEAR
