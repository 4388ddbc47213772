"""Two branches change the same environment, and Git merges them: docs/pull-requests.md describes
how the conflicts are resolved."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.repository import ROOT, Repository

VALUES = "values/prod.yaml"
DEPLOYMENT = "rendered/prod/manifests/frontend/app/deployment-frontend.yaml"
MAIL = "tiers.mail={image: {repository: ghcr.io/acme/mail, tag: '1'}, port: 8080}"
OF_MAIL = "rendered/prod/manifests/mail/app/deployment-mail.yaml"
ATTRIBUTES = (ROOT / ".gitattributes").read_text()
WITHOUT_MERGE = ATTRIBUTES.replace(" -merge", "")


def documented_commands() -> str:
    """Returns the commands of the section about conflicts in the documentation."""
    text = (ROOT / "docs/pull-requests.md").read_text()
    section = text.split("\n## Merge conflicts in generated files\n")[1]
    return section.split("```sh\n")[1].split("```")[0]


def conflict(rendered: Repository, folder: Path, attributes: str) -> Repository:
    """Returns a repository in which Git has reported the conflicts of a merge.

    Both branches change the replicas of the frontend, and the merged branch adds a tier.
    """
    root = folder / "repository"
    shutil.copytree(rendered.root, root, ignore=shutil.ignore_patterns(".gitops-gen"))
    repository = replace(rendered, root=root)
    repository.write(".gitattributes", attributes)
    repository.write(".gitignore", ".gitops-gen/\n")
    repository.git("init", "--quiet", "--initial-branch=main")
    repository.commit("Start")
    repository.git("switch", "--quiet", "--create", "mail")
    change(repository, "tiers.frontend.replicas=5", MAIL)
    repository.git("switch", "--quiet", "main")
    change(repository, "tiers.frontend.replicas=4")
    with pytest.raises(subprocess.CalledProcessError) as merge:
        repository.git("merge", "mail")
    assert f"Merge conflict in {VALUES}" in merge.value.stdout
    return repository


def change(repository: Repository, *values: str) -> None:
    assert repository.run("set", "prod", *values).returncode == 0
    repository.render()
    repository.commit("Change prod")


def resolve(repository: Repository) -> None:
    """Keeps the lines of the merged branch in every conflict of the values."""
    text = repository.read(VALUES)
    kept = re.sub(r"<{7} HEAD\n.*?={7}\n(.*?)>{7} mail\n", r"\1", text, flags=re.DOTALL)
    repository.write(VALUES, kept)


def run_documented_commands(repository: Repository) -> None:
    """Runs the commands in a shell, in which `gitops-gen` is this version."""
    tools = repository.root.parent / "tools"
    tools.mkdir()
    command = tools / "gitops-gen"
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m gitops_gen "$@"\n')
    command.chmod(0o755)
    environment = repository.environment(PATH=f"{tools}{os.pathsep}{os.environ['PATH']}")
    identity = {
        f"GIT_{who}_{what}": "a@b" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
    }
    subprocess.run(
        ["bash", "-ec", documented_commands()],
        cwd=repository.root,
        env={**environment, **identity},
        check=True,
    )


@pytest.mark.parametrize("attributes", [ATTRIBUTES, WITHOUT_MERGE, ""])
def test_the_documented_commands_replace_generated_files(
    rendered: Repository, tmp_path: Path, attributes: str
) -> None:
    """Also if `.gitattributes` lacks lines, so that generated files contain conflict markers."""
    repository = conflict(rendered, tmp_path, attributes)
    assert ("<<<<<<<" in repository.read(DEPLOYMENT)) == (attributes != ATTRIBUTES)
    resolve(repository)
    run_documented_commands(repository)
    assert repository.git("status", "--short") == ""
    assert len(repository.git("log", "-1", "--format=%P").split()) == 2
    assert "replicas: 5" in repository.read(DEPLOYMENT)
    assert repository.path(OF_MAIL).exists()
    assert repository.run("render", "--check").returncode == 0
    generated = repository.files("rendered", "argocd")
    assert not [path for path, content in generated.items() if b"<<<<<<<" in content]


def test_files_of_a_tier_that_the_resolved_values_lack_are_removed(
    rendered: Repository, tmp_path: Path
) -> None:
    """The inventory contains the files of both branches, so the render knows them."""
    repository = conflict(rendered, tmp_path, ATTRIBUTES)
    assert repository.path(OF_MAIL).exists()
    repository.git("checkout", "--ours", VALUES)
    run_documented_commands(repository)
    assert not repository.path(OF_MAIL).exists()
    assert "replicas: 4" in repository.read(DEPLOYMENT)
    assert repository.run("render", "--check").returncode == 0


@pytest.mark.parametrize(
    "command", [("check",), ("render",), ("diff",), ("set", "prod", "tiers.frontend.port=80")]
)
def test_values_with_conflict_markers_are_reported_at_their_lines(
    rendered: Repository, tmp_path: Path, command: tuple[str, ...]
) -> None:
    repository = conflict(rendered, tmp_path, ATTRIBUTES)
    before = repository.files("values", "rendered", "argocd")
    number = repository.read(VALUES).split("<<<<<<<")[0].count("\n") + 1
    done = repository.run(*command)
    assert done.returncode == 2
    message = f"{VALUES}:{number}:1: '<<<<<<<' is a marker of an unresolved merge conflict; keep"
    assert message in done.stdout + done.stderr
    assert repository.files("values", "rendered", "argocd") == before


def test_a_comparison_before_the_commit_shows_the_resolved_values(
    rendered: Repository, tmp_path: Path
) -> None:
    """Git's index still contains the conflicts, in up to three versions of each file."""
    repository = conflict(rendered, tmp_path, ATTRIBUTES)
    resolve(repository)
    options = ("diff", "prod", "--base", "HEAD", "--allow-unchecked")
    before = repository.run(*options).stdout
    assert "spec.replicas  4 -> 5" in before
    repository.render()
    note = "note: rendered/ and argocd/ are out of date"
    after = repository.run(*options).stdout
    assert [line for line in before.splitlines() if not line.strip().startswith(note)] == (
        after.splitlines()
    )
