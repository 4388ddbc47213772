"""A finding is at the value behind the field, also if the same text is in another value."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from tests.integration.check.test_refused_values import without_environments

TWICE = Path(__file__).with_name("twice")
USED = ("account", "volume", "variable", "file", "pull")
USED += ("class", "claim", "scaled", "role", "subject")


def test_each_of_ten_findings_is_at_its_own_line(tmp_path: Path, helm: str) -> None:
    repository = without_environments(tmp_path, helm)
    shutil.copytree(TWICE / "templates", repository.path("charts/shop/templates"))
    repository.write("charts/shop/Chart.yaml", "apiVersion: v2\nname: shop\nversion: 1.0.0\n")
    repository.write("values/twice.yaml", (TWICE / "values.yaml").read_text())
    repository.copy_cluster("prod", "twice")
    done = repository.run("check", "twice", "--format", "json")
    found = [one for one in json.loads(done.stdout)["findings"] if one["rule"].startswith("ref")]
    lines = (TWICE / "values.yaml").read_text().splitlines()
    used = lines.index("      used:")
    at = {f"addons.shop.values.used.{name}": _line(lines, name, used) for name in USED}
    assert {one["field"]: one["line"] for one in found} == at
    assert len(found) == 10


def _line(lines: list[str], name: str, after: int) -> int:
    [index] = [i for i, line in enumerate(lines) if i > after and line.strip().startswith(name)]
    return index + 1
