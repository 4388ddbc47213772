"""A render that is up to date writes no file and imports no slow module; it detects any change."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.repository import ROOT, Repository, example
from tests.unchanged import HEAVY, edit, loaded_by, remove


@pytest.fixture(scope="module")
def current(tmp_path_factory: pytest.TempPathFactory, helm: str) -> Repository:
    """A rendered repository, and a Helm that records its calls."""
    folder = tmp_path_factory.mktemp("current")
    logging = folder / "helm"
    logging.write_text(f'#!/bin/sh\necho "$1" >> "{folder}/calls"\nexec "{helm}" "$@"\n')
    logging.chmod(0o755)
    repository = Repository(example(folder, helm).root, str(logging))
    repository.write("charts/zoo/Chart.yaml", "apiVersion: v2\nname: zoo\nversion: 1.0.0\n")
    text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: zoo}\n"
    repository.write("charts/zoo/templates/x.yaml", text)
    with repository.path("values/prod.yaml").open("a") as file:
        file.write("\naddons:\n  zoo: {path: charts/zoo, namespace: zoo}\n")
    repository.render()
    return repository


@pytest.fixture(autouse=True)
def as_rendered(current: Repository) -> None:
    """The repository of `recorded`, which is up to date when a test begins."""
    current.render()


def helm_commands(repository: Repository, *arguments: str, **variables: str) -> list[str]:
    """Returns the subcommands with which Helm was called."""
    log = repository.root.parent / "calls"
    log.write_text("")
    repository.render(*arguments[1:], **variables)
    return log.read_text().split()


def test_a_render_that_is_up_to_date_writes_no_file(current: Repository) -> None:
    before = current.look()
    assert helm_commands(current, "render") == []
    assert current.render() == "dev, prod: up to date\n"
    assert current.look() == before
    assert current.render("--check") == "dev, prod: up to date\n"
    assert current.look() == before


@pytest.mark.parametrize("arguments", [["render"], ["render", "prod"], ["render", "--check"]])
def test_a_command_that_is_up_to_date_imports_no_slow_module(
    current: Repository, arguments: list[str]
) -> None:
    loaded = loaded_by(current, *arguments)
    assert "gitops_gen.render.write.up_to_date" in loaded
    assert HEAVY & loaded == set()
    assert not any(name.startswith("gitops_gen.tree") for name in loaded)


@pytest.mark.parametrize("arguments", [["--help"], ["teardown", "--help"], ["rehearse", "--help"]])
def test_help_imports_no_slow_module(current: Repository, arguments: list[str]) -> None:
    assert HEAVY & loaded_by(current, *arguments) == set()


def test_a_changed_group_makes_its_members_outdated(current: Repository) -> None:
    before = current.read("values/prod.yaml")
    current.write("values/groups/eu.yaml", "tiers: {backend: {env: {REGION: eu}}}\n")
    current.write("values/prod.yaml", f"groups: [eu]\n{before}")
    current.render()
    assert current.render() == "dev, prod: up to date\n"
    current.write("values/groups/eu.yaml", "tiers: {backend: {env: {REGION: us}}}\n")
    output = current.render()
    assert "prod: objects: 1 changed" in output
    assert output.endswith("dev: up to date\n")
    current.path("values/groups/eu.yaml").unlink()
    refused = current.run("render")
    assert (refused.returncode, "values/prod.yaml:1:10: groups[0]" in refused.stderr) == (2, True)
    current.write("values/prod.yaml", before)


def test_only_outdated_environments_call_helm(current: Repository) -> None:
    os.utime(current.path("values/dev.yaml"))
    os.utime(current.path("values/prod.yaml"))
    assert helm_commands(current, "render", "dev") == ["version", "template"]
    # The umbrella is rendered. The output of the repository chart is in the cache of the user.
    assert helm_commands(current, "render", "prod") == ["version", "template"]
    (current.root.parent / ".cache/gitops-gen/releases").rename(current.root.parent / "releases")
    os.utime(current.path("values/prod.yaml"))
    # A new release is rendered twice, to compare the results.
    assert helm_commands(current, "render", "prod") == ["version", *["template"] * 3]
    # Where the machine's clock was set back meanwhile, this run is the one that can keep a stamp.
    current.render()
    assert helm_commands(current, "render") == []


def edit_in_secret(path: str) -> Callable[[Repository], None]:
    """Returns a change that replaces the content and keeps size and timestamp."""

    def change(repository: Repository) -> None:
        file = repository.path(path)
        status = file.stat()
        file.write_bytes(file.read_bytes()[::-1])
        os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
        assert (file.stat().st_size, file.stat().st_mtime_ns) == (
            status.st_size,
            status.st_mtime_ns,
        )

    return change


def swap_in_secret(path: str) -> Callable[[Repository], None]:
    """Like `edit_in_secret`, but another file with the new content replaces the file."""

    def change(repository: Repository) -> None:
        file = repository.path(path)
        status = file.stat()
        replacement = file.with_name("other")
        replacement.write_bytes(file.read_bytes()[::-1])
        os.utime(replacement, ns=(status.st_atime_ns, status.st_mtime_ns))
        replacement.replace(file)

    return change


def change_helm(repository: Repository) -> None:
    path = Path(repository.helm)
    path.write_text(path.read_text() + "\n")


SERVICE = "rendered/prod/manifests/backend/app/service-backend.yaml"


@pytest.mark.parametrize(
    "change",
    [
        edit("values/base.yaml"),
        edit("values/prod.yaml"),
        edit("values/clusters/prod.json"),
        edit("charts/zoo/templates/x.yaml"),
        edit(SERVICE),
        edit("argocd/prod/apps/backend.yaml"),
        edit("rendered/prod/inventory"),
        edit_in_secret(SERVICE),
        swap_in_secret(SERVICE),
        remove(SERVICE),
        remove("argocd/prod/bootstrap.yaml"),
        remove(".gitops-gen/stamps"),
        change_helm,
    ],
)
def test_any_change_of_a_file_is_detected_and_reverted(
    current: Repository, change: Callable[[Repository], None]
) -> None:
    generated = current.files("rendered", "argocd")
    change(current)
    assert "template" in helm_commands(current, "render", "prod")
    assert current.files("rendered", "argocd") == generated


def test_a_change_of_the_package_is_detected_and_reverted(
    current: Repository, tmp_path: Path
) -> None:
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "gitops_gen", tmp_path / "gitops_gen", ignore=ignored)
    copied = Repository(current.root, current.helm, tmp_path)
    generated = current.files("rendered", "argocd")
    copied.render()
    assert helm_commands(copied, "render", "prod") == []
    file = tmp_path / "gitops_gen/components/tier/defaults.yaml"
    file.write_text(file.read_text() + "\n")
    assert "template" in helm_commands(copied, "render", "prod")
    assert current.files("rendered", "argocd") == generated


def test_changed_values_with_the_same_size_and_time_are_detected(current: Repository) -> None:
    path = current.path("values/prod.yaml")
    status, text = path.stat(), path.read_text()
    path.write_text(text.replace("1.4.2", "1.4.3"))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert "  changed Deployment app/frontend\n" in current.render("prod")
    path.write_text(text)
    current.render()


def test_a_new_file_in_a_chart_is_detected(current: Repository) -> None:
    current.write("charts/zoo/templates/new.yaml", "# nothing either\n")
    assert "template" in helm_commands(current, "render", "prod")


def test_a_new_file_beside_generated_ones_is_detected_in_each_run(current: Repository) -> None:
    folder = current.path("rendered/prod/manifests/backend/app")
    foreign = folder / "foreign.yaml"
    foreign.write_text("kind: ConfigMap\n")
    for _ in range(2):
        assert "foreign.yaml: is not a generated file" in current.render("prod")
    foreign.unlink()
    assert current.render("prod") == "prod: up to date\n"


def test_a_file_in_a_folder_that_was_empty_is_detected(current: Repository) -> None:
    """Such a folder is in no inventory, and a file in it changes no other folder."""
    empty = current.path("rendered/prod/manifests/empty")
    empty.mkdir()
    current.edit("values/prod.yaml", "maxReplicas: 12", "maxReplicas: 13")
    current.render("prod")
    assert current.render("prod") == "prod: up to date\n"
    (empty / "foreign.yaml").write_text("kind: ConfigMap\n")
    assert "foreign.yaml: is not a generated file" in current.render("prod")
    shutil.rmtree(empty)


def test_a_temporary_file_in_a_folder_leaves_it_up_to_date(current: Repository) -> None:
    temporary = current.path("rendered/prod/manifests/backend/app/.swap")
    temporary.write_text("")
    temporary.unlink()
    assert helm_commands(current, "render") == []


def test_a_folder_that_is_replaced_by_a_link_is_detected(current: Repository) -> None:
    folder = current.path("rendered/prod/manifests/backend/app")
    folder.rename(folder.with_name("moved"))
    folder.symlink_to("moved")
    done = current.run("render", "prod")
    assert done.returncode == 2
    assert "rendered/prod/manifests/backend/app" in done.stderr
    folder.unlink()
    folder.with_name("moved").rename(folder)


def test_another_helm_and_the_return_to_the_first_are_detected(current: Repository) -> None:
    replacement = Path(current.helm).with_name("helm-2")
    shutil.copy(current.helm, replacement)
    assert helm_commands(current, "render", GITOPS_GEN_HELM=str(replacement)).count("template") >= 2
    assert helm_commands(current, "render", GITOPS_GEN_HELM=str(replacement)) == []
    assert helm_commands(current, "render").count("template") >= 2


@pytest.mark.parametrize("text", ["", "\n", "nonsense\n", "prod\n", "prod\tdeadbeef\n", "\0\t\0"])
def test_a_damaged_stamp_is_ignored(current: Repository, text: str) -> None:
    current.write(".gitops-gen/stamps", text)
    assert current.render("prod").startswith("prod: ")


def test_a_stamp_that_cannot_be_written_is_not_an_error(current: Repository) -> None:
    current.path(".gitops-gen/stamps").unlink()
    current.path(".gitops-gen/stamps").mkdir()
    try:
        assert current.render("dev") == "dev: up to date\n"
    finally:
        current.path(".gitops-gen/stamps").rmdir()
