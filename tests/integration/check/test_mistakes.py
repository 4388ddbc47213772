"""What `check` reports about values that Kubernetes accepts although they cannot work.

Each case in mistakes/ is the file values/prod.yaml, or a folder with files of the repository. The
`.txt` beside it has all findings, and what is not checked because of the values.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.cases import MESSAGES, beside, messages
from tests.repository import Repository

FOLDER = Path(__file__).with_name("mistakes")
CASES = sorted(path for path in FOLDER.iterdir() if path.suffix != MESSAGES)


def with_case(repository: Repository, case: Path) -> Repository:
    if case.is_dir():
        shutil.copytree(case, repository.root, dirs_exist_ok=True)
    else:
        shutil.copy(case, repository.path("values/prod.yaml"))
    return repository


def reported(repository: Repository) -> list[str]:
    done = repository.run("check", "prod")
    assert done.returncode in (0, 1, 2)
    shown = re.compile(r"(values/|prod: not checked: \d+ values of ).*")
    return [line for line in done.stdout.splitlines() if shown.fullmatch(line)]


@pytest.mark.parametrize("case", CASES, ids=[case.stem for case in CASES])
def test_a_mistake_is_reported(real_program: object, repository: Repository, case: Path) -> None:
    found = reported(with_case(repository, case))
    assert found == messages(case)


def test_every_case_has_its_messages() -> None:
    assert CASES
    assert all(beside(case, MESSAGES).is_file() for case in CASES)


def test_variables_keep_the_order_in_which_they_refer_to_each_other(
    repository: Repository,
) -> None:
    with_case(repository, FOLDER / "variable-that-is-not-defined.yaml").render("prod")
    deployment = repository.manifests("prod").one("Deployment", "backend")
    [container] = deployment["spec"]["template"]["spec"]["containers"]
    names = [variable["name"] for variable in container["env"]]
    assert names[-3:] == ["Z_HOST", "A_URL", "DSN"]


def test_a_chart_of_the_repository_keeps_its_data(repository: Repository) -> None:
    with_case(repository, FOLDER.parent / "chart_with_data").render("prod")
    folder = repository.path("rendered/prod/manifests/mine")
    texts = [file.read_text() for file in folder.rglob("*.yaml")]
    assert len(texts) == 3
    assert all("Prune=false,Delete=false" in text for text in texts)
