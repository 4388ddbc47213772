"""Names that readers of the package meet."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

import gitops_gen

PACKAGE = Path(gitops_gen.__file__).parent


def test_no_two_classes_share_a_name() -> None:
    places: dict[str, list[str]] = defaultdict(list)
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.ClassDef):
                places[node.name.lstrip("_")].append(f"{path.relative_to(PACKAGE)}:{node.lineno}")
    assert {name: lines for name, lines in places.items() if len(lines) > 1} == {}
