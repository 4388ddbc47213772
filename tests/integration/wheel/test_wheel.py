"""The wheel is sufficient to create, render, commit and check a repository."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from gitops_gen.scaffold.clone import Clone
from gitops_gen.scaffold.scaffold import files as scaffolded
from tests.integration.replaced import replace_placeholders
from tests.integration.wheel.conftest import Installed
from tests.repository import ROOT, Repository

SCHEMA = "gitops_gen/scaffold/files/values/schema.json"
"""Generated from the schemas of the components by `init`."""


@pytest.fixture(scope="module")
def shop(installed: Installed, helm: str, tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """A repository that `init` and `render` wrote, committed."""
    folder = tmp_path_factory.mktemp("work")
    done = installed.run("gitops-gen init shop", folder)
    assert done.returncode == 0, done.stdout + done.stderr
    repository = Repository(folder / "shop", helm)
    replace_placeholders(repository)
    done = installed.run("gitops-gen render", repository.root)
    assert done.returncode == 0, done.stdout + done.stderr
    repository.git("init", "--quiet", "--initial-branch", "main")
    repository.git("add", "--all")
    repository.git("commit", "--quiet", "--message", "shop")
    return repository


def test_the_wheel_contains_every_file_of_the_package(installed: Installed) -> None:
    files = Repository(ROOT, "").git(
        "ls-files", "--cached", "--others", "--exclude-standard", "--", "gitops_gen"
    )
    tracked = {path for path in files.splitlines() if (ROOT / path).is_file()}
    assert "gitops_gen/py.typed" in tracked
    # Terraform and the pages of docs/ are links in the repository and files in the wheel.
    tracked |= {f"gitops_gen/scaffold/files/{path}" for path in scaffolded("shop", Clone("."))} - {
        SCHEMA
    }
    assert "gitops_gen/scaffold/files/terraform/infra/main.tf" in tracked
    with zipfile.ZipFile(installed.wheel) as archive:
        assert tracked - set(archive.namelist()) == set()


def test_the_package_is_imported_from_the_wheel(installed: Installed, tmp_path: Path) -> None:
    script = "python -c 'import gitops_gen; print(gitops_gen.__file__)'"
    done = installed.run(script, tmp_path)
    assert done.stdout.startswith(str(installed.venv))


def test_the_files_of_init_and_render_are_committed_and_up_to_date(
    installed: Installed, shop: Repository
) -> None:
    assert shop.git("status", "--porcelain") == ""
    assert ".gitops-gen" not in shop.git("ls-files")
    done = installed.run("gitops-gen check && gitops-gen render --check", shop.root)
    assert done.returncode == 0, done.stdout + done.stderr
    assert shop.git("status", "--porcelain") == ""


def test_a_clone_on_another_path_is_up_to_date(
    installed: Installed, shop: Repository, tmp_path: Path
) -> None:
    shop.git("clone", "--quiet", ".", str(tmp_path / "clone"))
    done = installed.run("gitops-gen render --check", tmp_path / "clone")
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_changed_value_makes_the_check_name_the_stale_files(
    installed: Installed, shop: Repository, tmp_path: Path
) -> None:
    shop.git("clone", "--quiet", ".", str(tmp_path / "clone"))
    clone = Repository(tmp_path / "clone", shop.helm)
    clone.edit("values/dev.yaml", 'tag: "1.0.0"', 'tag: "1.0.1"')
    done = installed.run("gitops-gen render --check", clone.root)
    assert done.returncode == 1
    assert "stale: rendered/dev/manifests/frontend/app/deployment-frontend.yaml\n" in done.stdout


def test_generated_files_are_marked_for_git(shop: Repository) -> None:
    path = "rendered/dev/manifests/frontend/app/deployment-frontend.yaml"
    attributes = shop.git("check-attr", "linguist-generated", "text", "--", path)
    assert f"{path}: linguist-generated: true" in attributes
    assert f"{path}: text: unset" in attributes
    assert shop.git("check-attr", "merge", "--", "rendered/dev/inventory").endswith(
        "merge: union\n"
    )
