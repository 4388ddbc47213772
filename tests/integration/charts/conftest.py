"""Repositories whose add-ons come from chart servers on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chart_archives import packaged
from tests.chart_servers import (
    ChartRepository,
    OciCharts,
    ScriptedServer,
    chart_repository,
    oci_charts,
    scripted_server,
)
from tests.repository import Repository, example

PINS = "charts/upstream/Chart.yaml"
LOCK = "charts/upstream/charts.lock"
VENDOR = "charts/upstream/vendor"
VALUES = Path(__file__).parent / "little.yaml"


class Shop(Repository):
    """A repository with the environment dev, whose only add-on is `greeter`."""

    def pin(self, repository: str, version: str = "1.0.0", name: str = "plain") -> None:
        """Writes charts/upstream/Chart.yaml with the chart of the add-on greeter."""
        text = (
            "apiVersion: v2\nname: upstream\nversion: 0.0.0\ndependencies:\n"
            f"  - name: {name}  # says hello\n    alias: greeter\n    version: {version}\n"
            f"    repository: {repository}\n"
        )
        self.write(PINS, text)

    def charts(self, *arguments: str) -> str:
        """Runs a command, asserts success, and returns what it printed."""
        done = self.run("charts", *arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    def refused(self, *arguments: str, code: int = 3) -> str:
        """Runs a command that must fail, and returns its error."""
        done = self.run("charts", *arguments)
        assert done.returncode == code, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done.stderr

    @property
    def cache(self) -> Path:
        return self.root.parent / ".cache/gitops-gen/charts"


@pytest.fixture
def shop(tmp_path: Path, helm: str) -> Shop:
    root = example(tmp_path, helm).root
    for file in ("prod.yaml", "clusters/prod.json"):
        (root / "values" / file).unlink()
    (root / "values/dev.yaml").write_text(VALUES.read_text())
    return Shop(root, helm)


@pytest.fixture(scope="session")
def plain_archives(tmp_path_factory: pytest.TempPathFactory, helm: str) -> dict[str, Path]:
    """Archives of the chart `plain` by their versions."""
    folder = tmp_path_factory.mktemp("plain")
    versions = ("1.0.0", "1.1.0", "2.0.0", "2.1.0-rc.1", "1.0.0+build.7")
    return {version: packaged("plain", folder, helm, version=version) for version in versions}


@pytest.fixture
def http_charts(tmp_path: Path, helm: str) -> Iterator[ChartRepository]:
    with chart_repository(tmp_path / "http", helm) as server:
        yield server


@pytest.fixture
def oci(tmp_path: Path, helm: str) -> Iterator[OciCharts]:
    with oci_charts(tmp_path / "oci", helm) as server:
        yield server


@pytest.fixture
def scripted() -> Iterator[ScriptedServer]:
    with scripted_server() as server:
        yield server
