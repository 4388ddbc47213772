"""Each rule over rendered objects finds a fault that values or a chart contain, and nothing else.

Each folder of `planted/` is an environment with a chart. A comment in values.yaml marks the line of
the fault, and expected.txt has all messages about the environment.

The charts of most cases are as short as possible, so the rules of the group security are applied
only to the cases of this group.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from gitops_gen.checks.rules import object_rules
from tests.integration.check.test_refused_values import without_environments
from tests.repository import Repository

PLANTED = Path(__file__).parent / "planted"
CASES = sorted(path for path in PLANTED.iterdir() if path.is_dir())
SECURITY = [case for case in CASES if case.name.startswith("security-")]
SETTINGS = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {mode: fast}\n"
ADDONS = """\
addons:
  cert-manager: {enabled: true}
  external-secrets: {enabled: true}
"""


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory, helm: str) -> list[str]:
    """The output of one check of all cases."""
    repository = without_environments(tmp_path_factory.mktemp("planted"), helm)
    repository.write("values/base.yaml", repository.read("values/base.yaml") + ADDONS)
    add_chart(repository, "later")
    repository.write("charts/later/templates/settings.yaml", SETTINGS)
    for case in CASES:
        plant(repository, case)
    others = [case.name for case in CASES if case not in SECURITY]
    found = checked(repository, *others, "--ignore", "security")
    return found + checked(repository, *(case.name for case in SECURITY))


def checked(repository: Repository, *arguments: str) -> list[str]:
    done = repository.run("check", *arguments)
    assert done.returncode == 1, done.stderr
    return done.stdout.splitlines()


def add_chart(repository: Repository, name: str) -> None:
    repository.write(f"charts/{name}/Chart.yaml", f"apiVersion: v2\nname: {name}\nversion: 1.0.0\n")


def plant(repository: Repository, case: Path) -> None:
    add_chart(repository, case.name)
    shutil.copytree(case / "templates", repository.path(f"charts/{case.name}/templates"))
    values = (case / "values.yaml").read_text().replace("charts/CASE", f"charts/{case.name}")
    repository.write(f"values/{case.name}.yaml", values)
    repository.copy_cluster("prod", case.name)


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_exactly_the_fault_is_found(case: Path, lines: list[str]) -> None:
    found = [line for line in lines if line.startswith(f"values/{case.name}.yaml:")]
    assert found == (case / "expected.txt").read_text().splitlines()


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_the_finding_is_at_the_line_of_the_fault(case: Path) -> None:
    values = (case / "values.yaml").read_text().splitlines()
    [fault] = [number for number, line in enumerate(values, 1) if "# The fault." in line]
    for line in (case / "expected.txt").read_text().splitlines():
        assert line.startswith(f"values/{case.name}.yaml:{fault}:")


def test_every_rule_has_a_case() -> None:
    found = {line.rpartition("[")[2][:-1] for case in CASES for line in expected(case)}
    assert found >= {one.rule.id for one in object_rules()} - WITHOUT_A_CASE


WITHOUT_A_CASE = {"argocd-directory-chart", "argocd-ignored-differences"}
"""No values and no chart can break them: see `test_files_of_argocd`."""


def expected(case: Path) -> list[str]:
    return (case / "expected.txt").read_text().splitlines()
