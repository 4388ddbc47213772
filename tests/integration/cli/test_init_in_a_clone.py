"""`init` in real clones: the URL, the branch, and the files that belong into the root folder."""

from __future__ import annotations

import json
import shlex
import subprocess
from pathlib import Path

import pytest

from gitops_gen import yaml
from tests.integration.replaced import replace_placeholders
from tests.repository import ROOT, Repository

HTTPS = "https://github.com/acme/shop.git"
WORKFLOW = ".github/workflows/gitops.yaml"
FACTS = ROOT / "tests/terraform/gitops.example.json"


@pytest.fixture
def clone(tmp_path: Path, helm: str) -> Repository:
    """An empty Git repository without a remote."""
    root = tmp_path / "shop"
    root.mkdir()
    repository = Repository(root, helm)
    repository.git("init", "--quiet", "--initial-branch=trunk")
    return repository


def init(clone: Repository, *arguments: str, folder: str = ".") -> str:
    """Runs init in a folder of the clone. Returns its messages."""
    done = Repository(clone.path(folder), clone.helm).run("init", *arguments)
    assert done.returncode == 0, done.stderr
    return done.stderr


def section(clone: Repository, folder: str = ".") -> dict[str, str]:
    values = yaml.yaml_load(clone.path(f"{folder}/values/base.yaml").read_bytes())
    return dict(values["repository"])


# The URL


@pytest.mark.parametrize(
    ("remote", "url"),
    [
        (HTTPS, HTTPS),
        ("git@github.com:acme/shop.git", "git@github.com:acme/shop.git"),
        ("ssh://git@github.com/acme/shop.git", "ssh://git@github.com/acme/shop.git"),
        ("https://bob:hunter2@github.com/acme/shop.git", HTTPS),
    ],
)
def test_the_url_of_origin(clone: Repository, remote: str, url: str) -> None:
    clone.git("remote", "add", "origin", remote)
    messages = init(clone)
    assert section(clone) == {"url": url, "revision": "trunk"}
    written = b"".join(
        content for path, content in clone.files().items() if not path.startswith(".git/")
    )
    assert "hunter2" not in messages
    assert b"hunter2" not in written


def test_a_url_with_ssh_needs_a_key_and_a_port(clone: Repository) -> None:
    clone.git("remote", "add", "origin", "git@github.com:acme/shop.git")
    assert "Argo CD needs an SSH key for repository.url" in init(clone)


def test_origin_is_preferred_to_other_remotes(clone: Repository) -> None:
    clone.git("remote", "add", "fork", "https://github.com/bob/shop.git")
    clone.git("remote", "add", "origin", HTTPS)
    init(clone)
    assert section(clone)["url"] == HTTPS


def test_the_only_remote_has_any_name(clone: Repository) -> None:
    clone.git("remote", "add", "upstream", HTTPS)
    init(clone)
    assert section(clone)["url"] == HTTPS


@pytest.mark.parametrize(
    ("remotes", "message"),
    [
        ({}, "the clone has no remote 'origin'"),
        ({"a": HTTPS, "b": HTTPS}, "the clone has no remote 'origin'"),
        ({"origin": "/srv/git/shop.git"}, "Argo CD cannot use the URL of the remote 'origin'"),
        ({"origin": "../hunter2.git"}, "Argo CD cannot use the URL of the remote 'origin'"),
        ({"origin": "http://bob:hunter2@host/a"}, "Argo CD cannot use the URL of the remote"),
    ],
)
def test_a_url_that_a_user_must_write(
    clone: Repository, remotes: dict[str, str], message: str
) -> None:
    for name, remote in remotes.items():
        clone.git("remote", "add", name, remote)
    messages = init(clone)
    assert message in messages
    assert "hunter2" not in messages
    assert section(clone)["url"] == "https://github.com/replace-me/shop.git"


def test_a_replacement_of_this_machine_is_not_used(clone: Repository) -> None:
    """Many users let Git replace https:// by SSH, with which Argo CD would need a key."""
    clone.git("remote", "add", "origin", HTTPS)
    clone.git("config", "url.git@github.com:.insteadOf", "https://github.com/")
    init(clone)
    assert section(clone)["url"] == HTTPS


def test_an_abbreviation_is_replaced(clone: Repository) -> None:
    clone.git("remote", "add", "origin", "gh:acme/shop.git")
    clone.git("config", "url.https://bob:hunter2@github.com/.insteadOf", "gh:")
    init(clone)
    assert section(clone)["url"] == HTTPS


def test_the_default_branch_of_the_remote(clone: Repository, tmp_path: Path) -> None:
    """A user may run init on a branch of a clone."""
    clone.git("commit", "--quiet", "--allow-empty", "--message", "first")
    clone.git("clone", "--quiet", str(clone.root), str(tmp_path / "other"))
    other = Repository(tmp_path / "other", clone.helm)
    other.git("remote", "set-url", "origin", HTTPS)
    other.git("checkout", "--quiet", "-b", "add-gitops")
    init(other)
    assert section(other) == {"url": HTTPS, "revision": "trunk"}
    assert 'branches: ["trunk"]\n' in other.read(WORKFLOW)


def test_a_branch_that_looks_like_a_number(clone: Repository) -> None:
    clone.git("symbolic-ref", "HEAD", "refs/heads/1.0")
    clone.git("remote", "add", "origin", HTTPS)
    init(clone)
    assert section(clone)["revision"] == "1.0"


# The folder


def test_a_folder_in_a_clone(clone: Repository) -> None:
    clone.git("remote", "add", "origin", HTTPS)
    messages = init(clone, "infra.d/gitops")
    assert section(clone, "infra.d/gitops")["path"] == "infra.d/gitops"
    assert "cd infra.d/gitops && gitops-gen render" in messages
    assert clone.path(".github/workflows/gitops-infra.d-gitops.yaml").is_file()
    assert clone.path(".pre-commit-config.yaml").is_file()
    assert not clone.path("infra.d/gitops/.github").exists()
    assert not clone.path("infra.d/gitops/.pre-commit-config.yaml").exists()
    renovate = json.loads(clone.read("renovate.json"))
    assert renovate["ignorePaths"] == ["infra.d/gitops/rendered/**", "infra.d/gitops/argocd/**"]
    assert renovate["customManagers"][0]["fileMatch"] == [r"^infra\.d/gitops/values/.+\.yaml$"]


def test_the_current_folder_in_a_clone(clone: Repository) -> None:
    clone.path("deploy").mkdir()
    done = Repository(clone.path("deploy"), clone.helm).run("init")
    assert done.returncode == 0, done.stderr
    assert "../.github/workflows/gitops-deploy.yaml" in done.stdout.splitlines()
    assert "values/base.yaml" in done.stdout.splitlines()


def test_the_workflow_and_the_hooks_run_in_the_folder(clone: Repository) -> None:
    clone.git("remote", "add", "origin", HTTPS)
    init(clone, "deploy")
    deploy = Repository(clone.path("deploy"), clone.helm)
    deploy.render()
    workflow = yaml.yaml_load(clone.path(".github/workflows/gitops-deploy.yaml").read_bytes())
    [job] = workflow["jobs"].values()
    assert job["steps"][-1]["with"] == {"folder": "deploy"}
    hooks = yaml.yaml_load(clone.path(".pre-commit-config.yaml").read_bytes())
    [*_, check, render] = [hook["entry"] for hook in hooks["repos"][0]["hooks"]]
    assert shlex.split(check)[-1] == "cd deploy && gitops-gen check"
    done = run_hook(clone, render)
    assert done.returncode == 0, done.stderr
    assert "dev: " in done.stdout
    clone.path("deploy/rendered/dev/inventory").unlink()
    assert run_hook(clone, render).returncode == 1


def run_hook(clone: Repository, entry: str) -> subprocess.CompletedProcess[str]:
    """Runs the command of a hook as pre-commit does: in the root folder of the clone."""
    program = clone.root.parent / "bin/gitops-gen"
    program.parent.mkdir(exist_ok=True)
    program.write_text(f'#!/bin/sh\nexec {shlex.join(clone.command())} "$@"\n')
    program.chmod(0o755)
    environment = clone.environment()
    return subprocess.run(
        shlex.split(entry),
        cwd=clone.root,
        env={**environment, "PATH": f"{program.parent}:{environment['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_annotations_have_the_path_in_the_clone(clone: Repository) -> None:
    init(clone, "deploy")
    deploy = Repository(clone.path("deploy"), clone.helm)
    done = deploy.run("render", "--check", "--format", "github", GITHUB_WORKSPACE=str(clone.root))
    assert done.returncode == 1
    assert "::error file=deploy/rendered/dev/" in done.stdout
    elsewhere = str(clone.root.parent / "elsewhere")
    done = deploy.run("render", "--check", "--format", "github", GITHUB_WORKSPACE=elsewhere)
    assert "::error file=rendered/dev/" in done.stdout


def test_argocd_syncs_the_folder(clone: Repository) -> None:
    clone.git("remote", "add", "origin", HTTPS)
    init(clone, "deploy")
    deploy = Repository(clone.path("deploy"), clone.helm)
    deploy.render()
    source = deploy.application("dev", "backend")["spec"]["source"]
    assert source["repoURL"] == HTTPS
    assert source["path"] == "deploy/rendered/dev/manifests/backend"


def test_two_folders_of_one_clone(clone: Repository) -> None:
    init(clone, "one")
    messages = init(clone, "two")
    names = {path.name for path in clone.path(".github/workflows").iterdir()}
    assert names == {"gitops-one.yaml", "gitops-two.yaml"}
    assert "kept: .pre-commit-config.yaml, renovate.json; docs/pull-requests.md" in messages


def test_a_folder_that_is_a_link_to_a_clone(clone: Repository, tmp_path: Path) -> None:
    clone.path("deploy").mkdir()
    (tmp_path / "link").symlink_to(clone.path("deploy"))
    done = Repository(tmp_path, clone.helm).run("init", "link/shop")
    assert done.returncode == 0, done.stderr
    assert section(clone, "deploy/shop")["path"] == "deploy/shop"
    assert clone.path(".github/workflows/gitops-deploy-shop.yaml").is_file()


def test_a_worktree(clone: Repository, tmp_path: Path) -> None:
    clone.git("remote", "add", "origin", HTTPS)
    clone.git("commit", "--quiet", "--allow-empty", "--message", "first")
    clone.git("worktree", "add", "--quiet", str(tmp_path / "shop-2"))
    worktree = Repository(tmp_path / "shop-2", clone.helm)
    init(worktree, "deploy")
    assert section(worktree, "deploy")["url"] == HTTPS
    assert worktree.path(".github/workflows/gitops-deploy.yaml").is_file()
    assert not clone.path(".github").exists()


def test_settings_of_renovate_in_another_file_are_kept(clone: Repository) -> None:
    clone.write(".github/renovate.json5", "{}\n")
    messages = init(clone)
    assert "kept: .github/renovate.json5; docs/pull-requests.md describes" in messages
    assert not clone.path("renovate.json").exists()


# What is refused


def test_a_path_that_argocd_cannot_use(clone: Repository) -> None:
    done = clone.run("init", "my deployments/shop")
    assert done.returncode == 2
    assert "cannot be `repository.path`; use letters" in done.stderr
    assert not clone.path("my deployments").exists()


def test_a_workflow_in_the_root_folder_is_not_overwritten(clone: Repository) -> None:
    clone.write(".github/workflows/gitops-deploy.yaml", "mine\n")
    done = clone.run("init", "deploy")
    assert done.returncode == 2
    assert "gitops-deploy.yaml:1:1: already exists" in done.stderr
    assert not clone.path("deploy").exists()


def test_a_clone_that_git_refuses(clone: Repository) -> None:
    clone.write(".git/config", "[core\n")
    done = clone.run("init")
    assert done.returncode == 2
    assert "git: fatal: bad config line 1" in done.stderr
    assert not clone.path("values").exists()


def test_a_machine_without_git(clone: Repository, tmp_path: Path) -> None:
    done = clone.run("init", PATH=str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert section(clone)["url"] == "https://github.com/replace-me/shop.git"


# The placeholders


def test_check_names_the_placeholders_until_they_are_replaced(clone: Repository) -> None:
    clone.git("remote", "add", "origin", HTTPS)
    init(clone)
    clone.render()
    done = clone.run("check")
    assert done.returncode == 1
    found = [line for line in done.stderr.splitlines() + done.stdout.splitlines() if "[pl" in line]
    places = {line.split(":")[0] for line in found}
    assert places == {
        *("values/base.yaml", "values/dev.yaml", "values/clusters/dev.json"),
        *(".pre-commit-config.yaml", WORKFLOW, "README.md"),
    }
    position = "values/base.yaml:14:27: 'replace-me' is a placeholder that init wrote; replace it"
    assert any(line.startswith(position) for line in found)
    replace_placeholders(clone)
    clone.render()
    done = clone.run("check")
    assert (done.returncode, "placeholder" in done.stdout) == (0, False), done.stdout


def test_check_names_the_placeholders_in_the_root_folder_of_the_clone(clone: Repository) -> None:
    init(clone, "infra.d/deploy")
    deploy = Repository(clone.path("infra.d/deploy"), clone.helm)
    workflow = ".github/workflows/gitops-infra.d-deploy.yaml"
    done = deploy.run("check")
    assert f"../../{workflow}:25:15: 'replace-me' is a placeholder" in done.stderr + done.stdout
    done = deploy.run("check", "--format", "github", GITHUB_WORKSPACE=str(clone.root))
    assert f"::error file={workflow},line=25,col=15,title=placeholder::" in done.stdout


def test_import_cluster_replaces_the_placeholders_of_the_cluster(clone: Repository) -> None:
    init(clone)
    done = clone.run("import-cluster", "dev", str(FACTS))
    assert done.returncode == 0, done.stderr
    assert "cluster.name: 'replace-me' -> 'acme-dev'" in done.stdout
    assert "replace-me" not in clone.read("values/clusters/dev.json")


def test_facts_that_a_user_wrote_are_compared(clone: Repository) -> None:
    init(clone)
    clone.edit("values/clusters/dev.json", '"name": "replace-me"', '"name": "shop-dev"')
    done = clone.run("import-cluster", "dev", str(FACTS))
    assert done.returncode == 2
    assert "'acme-dev' is not the clusterName of this environment" in done.stderr


def test_terraform_gets_no_placeholder(clone: Repository) -> None:
    init(clone)
    assert clone.run("import-cluster", "dev", str(FACTS)).returncode == 0
    done = clone.run("terraform-vars", "dev")
    assert done.returncode == 2
    assert done.stderr.startswith(
        "values/base.yaml:8:8: repository.url: 'https://github.com/replace-me/shop.git' is a "
        "placeholder that init wrote"
    )
