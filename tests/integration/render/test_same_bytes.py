"""A render produces the same bytes for every user and in every folder."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.repository import ROOT, Repository

FOLDERS = ("rendered", "argocd")


def again(rendered: Repository, root: Path, helm: str) -> Repository:
    """Returns a repository with the same values in another folder, not rendered yet."""
    root.mkdir(parents=True)
    shutil.copytree(rendered.path("values"), root / "values")
    return Repository(root, helm)


def test_the_committed_files_are_up_to_date(rendered: Repository) -> None:
    assert Repository(ROOT, rendered.helm).files(*FOLDERS) == rendered.files(*FOLDERS)


FOR_TERRAFORM = """
postgres:
  credentials: {passwordRevision: 2}
addons:
  kube-prometheus-stack:
    grafana: {passwordRevision: 3}
argocd:
  ha: true
  repository: {secretId: acme/git, revision: 2}
"""


def test_values_for_terraform_do_not_change_the_rendered_files(
    rendered: Repository, tmp_path: Path, helm: str
) -> None:
    """No chart gets these values, so increasing only a revision does not start a sync."""
    repository = again(rendered, tmp_path / "b", helm)
    with repository.path("values/dev.yaml").open("a") as values:
        values.write(FOR_TERRAFORM)
    repository.render()
    assert repository.files(*FOLDERS) == rendered.files(*FOLDERS)


@pytest.mark.parametrize(
    "variables",
    [
        {"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "TZ": "Pacific/Kiritimati"},
        {"LC_ALL": "tr_TR.UTF-8", "TZ": "America/St_Johns", "PYTHONHASHSEED": "4294967295"},
        {
            "PYTHONHASHSEED": "1",
            "HELM_NAMESPACE": "elsewhere",
            "HELM_DEBUG": "true",
            "KUBECONFIG": "/nowhere",
        },
    ],
    ids=lambda variables: " ".join(f"{name}={value}" for name, value in variables.items()),
)
def test_with_other_environment_variables(
    rendered: Repository, tmp_path: Path, helm: str, variables: dict[str, str]
) -> None:
    repository = again(rendered, tmp_path / "b", helm)
    repository.render(**variables)
    assert repository.files(*FOLDERS) == rendered.files(*FOLDERS)


def test_in_a_folder_with_any_characters_in_its_name(
    rendered: Repository, tmp_path: Path, helm: str
) -> None:
    repository = again(rendered, tmp_path / "with space & 'quote' $HOME é" / "deep", helm)
    repository.render("--jobs", "1")
    assert repository.files(*FOLDERS) == rendered.files(*FOLDERS)


def test_with_another_scratch_folder(rendered: Repository, tmp_path: Path, helm: str) -> None:
    scratch = tmp_path / "scratch folder"
    scratch.mkdir()
    repository = again(rendered, tmp_path / "b", helm)
    repository.render(TMPDIR=str(scratch))
    assert repository.files(*FOLDERS) == rendered.files(*FOLDERS)
    assert list(scratch.iterdir()) == []


@pytest.mark.parametrize("umask", [0o000, 0o077])
def test_with_another_umask_and_the_same_modes(
    rendered: Repository, tmp_path: Path, helm: str, umask: int
) -> None:
    repository = again(rendered, tmp_path / "b", helm)
    before = os.umask(umask)
    try:
        repository.render()
    finally:
        os.umask(before)
    assert repository.files(*FOLDERS) == rendered.files(*FOLDERS)
    modes = {path.stat().st_mode & 0o777 for path in repository.path("rendered").rglob("*")}
    assert modes == {0o644, 0o755}


def test_a_clone_with_crlf_and_a_byte_order_mark_in_its_values_renders_the_same_objects(
    rendered: Repository, tmp_path: Path, helm: str
) -> None:
    repository = again(rendered, tmp_path / "b", helm)
    for name in ("base", "dev", "prod"):
        path = repository.path(f"values/{name}.yaml")
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    repository.render()
    assert repository.files(*FOLDERS) == rendered.files(*FOLDERS)


def test_the_output_contains_neither_machine_nor_time(rendered: Repository) -> None:
    import datetime
    import socket

    text = b"".join(rendered.files(*FOLDERS).values())
    for word in (str(rendered.root), socket.gethostname(), "/tmp/gitops-gen-"):
        if len(word) > 3:
            assert word.encode() not in text
    today = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d")
    assert today.encode() not in text
