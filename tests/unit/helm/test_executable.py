"""The selection of Helm, and the messages about a Helm that does not run."""

from __future__ import annotations

from pathlib import Path

import pytest

from gitops_gen.errors import ToolFailed
from gitops_gen.helm import HELM_VERSION, VARIABLE, installed
from gitops_gen.helm.executable import cached
from gitops_gen.helm.pinned import version_of


def program(path: Path, text: str) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return str(path)


@pytest.fixture(autouse=True)
def nothing_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))


def test_the_real_helm_prints_its_version(helm: str) -> None:
    assert version_of(helm) == HELM_VERSION


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("echo v3.19.4", "3.19.4"),
        ("echo v4.4.0-rc.1", "4.4.0-rc.1"),
        ("echo v4.3.1+g1234567", "4.3.1+g1234567"),
        ("echo 4.3.1", None),
        ("echo v4.3.1; exit 1", None),
        ("echo v4", None),
        ("echo v4.3.1 'and more'", None),
        (r"printf 'v4.3.1\377'", None),
        ("", None),
    ],
)
def test_a_version_must_have_the_form_that_helm_prints(
    tmp_path: Path, text: str, version: str | None
) -> None:
    assert version_of(program(tmp_path / "helm", text)) == version


def test_a_helm_that_hangs_is_ended(tmp_path: Path) -> None:
    """Without a timeout, this test would never end."""
    assert version_of(program(tmp_path / "helm", "/bin/sleep infinity"), timeout=0.3) is None


def test_no_helm_is_installed() -> None:
    assert installed() is None


def test_the_pinned_version_on_path_is_used(tmp_path: Path) -> None:
    path = program(tmp_path / "bin/helm", f"echo v{HELM_VERSION}")
    found = installed()
    assert found is not None
    assert (found.path, found.note) == (path, None)


def test_another_version_on_path_is_ignored(tmp_path: Path) -> None:
    program(tmp_path / "bin/helm", "echo v4.3.0")
    assert installed() is None


def test_the_cached_helm_is_used(tmp_path: Path) -> None:
    path = program(tmp_path / f"cache/gitops-gen/helm-{HELM_VERSION}/helm", "exit 1")
    found = installed()
    assert found is not None
    assert found.path == path


def test_a_folder_in_the_cache_is_not_used(tmp_path: Path) -> None:
    (tmp_path / f"cache/gitops-gen/helm-{HELM_VERSION}/helm").mkdir(parents=True)
    assert cached() is None


def test_the_configured_helm_has_precedence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(tmp_path / "bin/helm", f"echo v{HELM_VERSION}")
    path = program(tmp_path / "own/helm", "echo v3.19.4")
    monkeypatch.setenv(VARIABLE, path)
    found = installed()
    assert found is not None
    assert (found.path, found.version) == (path, "3.19.4")
    assert (
        found.note
        == f"{path} is Helm 3.19.4, but the pinned version is {HELM_VERSION}: the output may differ"
    )


def test_an_invalid_configured_helm_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(tmp_path / "bin/helm", f"echo v{HELM_VERSION}")
    monkeypatch.setenv(VARIABLE, "/nowhere/helm")
    with pytest.raises(ToolFailed, match="GITOPS_GEN_HELM=/nowhere/helm is not a working Helm"):
        installed()
