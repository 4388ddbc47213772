"""A rule is added with one file, and so is a format; nothing else is edited."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.repository import ROOT, Repository, example

FILES = Path(__file__).with_name("new_files")
RULES = "gitops_gen/components/tier/rules"


@pytest.fixture
def extended(tmp_path: Path, helm: str) -> Repository:
    """The example's values, and a copy of the package with a rule and a format more."""
    package = tmp_path / "package"
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "gitops_gen", package / "gitops_gen", ignore=ignored)
    shutil.copy(FILES / "loud_tags.py", package / RULES)
    shutil.copy(FILES / "short_format.py", package / "gitops_gen/report")
    return Repository(example(tmp_path, helm).root, helm, package)


SHOUT = "tiers.backend.image.tag: is a shout; lower it"


def test_a_rule_is_applied_excused_explained_and_documented(extended: Repository) -> None:
    assert extended.run("set", "dev", "tiers.backend.image.tag=LOUD").returncode == 0
    assert SHOUT in extended.run("check", "dev").stdout
    text = extended.read("values/dev.yaml")
    extended.write("values/dev.yaml", text.replace("LOUD", "LOUD  # allow: tier-loud-tag Hi."))
    done = json.loads(extended.run("check", "dev", "--format", "json").stdout)
    assert not done["findings"]
    assert [one["reason"] for one in done["excused"]] == ["Hi."]
    assert "Tags are read aloud in meetings." in extended.run("explain", "tier-loud-tag").stdout
    assert "## tier-loud-tag\n" in _page(extended)


def _page(extended: Repository) -> str:
    """As CONTRIBUTING.md says that docs/rules.md is made."""
    return subprocess.run(
        [sys.executable, "-m", "gitops_gen.report.rules.page"],
        cwd=extended.root,
        env=extended.environment(),
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def test_two_rules_with_one_id_are_no_rules(extended: Repository) -> None:
    shutil.copy(FILES / "loud_tags.py", extended.package / RULES / "twice.py")
    done = extended.run("explain", "tier-loud-tag", GITOPS_GEN_DEBUG="1")
    assert done.returncode == 3
    assert "tier.rules.twice defines the rule tier-loud-tag once more" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "dev"),
        ("render", "dev"),
        ("render", "--check", "dev"),
        ("set", "dev", "tiers.backend.replicas=3"),
        ("terraform-vars", "dev", "--out", "vars.json"),
        ("teardown", "dev"),
        ("import-cluster", "dev", "facts.json"),
        ("rehearse", "dev"),
        ("rehearse", "dev", "--dry-run", "--base", "HEAD"),
    ],
    ids=lambda arguments: "-".join(arguments[:2]),
)
def test_a_format_is_one_of_every_command(extended: Repository, arguments: tuple[str, ...]) -> None:
    extended.edit("values/dev.yaml", "tiers:\n", "tiers:\n  backend: {port: 80}\n")
    extended.write("facts.json", "{}")
    done = extended.run(*arguments, "--format", "short")
    assert done.returncode == 2
    assert set(done.stdout.split()) & {
        *("yaml", "tier-port-privileged", "terraform-output", "schema", "usage")
    }
    assert done.stderr == ""
