"""A repository with small upstream charts, locked, with their archives in the repository."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from gitops_gen import yaml
from gitops_gen.charts.lock import Lock, LockedChart
from tests.chart_archives import chart_folder, packaged
from tests.chart_servers import run_helm
from tests.repository import Object, Repository

SOURCE = "https://charts.example.org"
NAMESPACE = "parts"


@dataclass(frozen=True)
class LockedCharts:
    """The environment `little` has one add-on for each chart, with the name of the chart."""

    repository: Repository
    folder: Path
    charts: dict[str, LockedChart] = field(default_factory=dict)
    addons: dict[str, Object] = field(default_factory=dict)

    def add(self, *names: str, **section: object) -> None:
        """Packages and locks charts of tests/charts, and adds their add-ons to the values."""
        for name in names:
            if name not in self.charts:
                self.lock(name)
            self.addons[name] = {
                "repository": SOURCE,
                "chart": name,
                "version": self.charts[name].version,
                "namespace": NAMESPACE,
                **section,
            }
        self.write_values()

    def lock(self, name: str) -> None:
        self._lock(name, packaged(name, self.folder / name, self.repository.helm))

    def lock_changed(self, name: str, version: str, *, without: str) -> None:
        """Locks another version of a chart, without a top-level key and the lines that read it."""
        chart = chart_folder(name, self.folder / f"changed-{version}")
        values = yaml.yaml_load((chart / "values.yaml").read_bytes())
        del values[without]
        (chart / "values.yaml").write_text(yaml.dump(values))
        for template in (chart / "templates").iterdir():
            lines = template.read_text().splitlines(keepends=True)
            template.write_text("".join(one for one in lines if f".{without}." not in one))
        target = str(self.folder / version)
        run_helm(self.repository.helm, "package", str(chart), "-d", target, "--version", version)
        self._lock(name, self.folder / version / f"{name}-{version}.tgz")

    def _lock(self, name: str, archive: Path) -> None:
        version = archive.stem.removeprefix(f"{name}-")
        digest = sha256(archive.read_bytes()).hexdigest()
        self.charts[name] = LockedChart(name, version, SOURCE, digest)
        vendor = self.repository.path("charts/upstream/vendor")
        vendor.mkdir(parents=True, exist_ok=True)
        shutil.copy(archive, vendor)
        self.write_lock()

    def write_lock(self) -> None:
        lock = Lock(tuple(self.charts.values())).content().decode()
        self.repository.write("charts/upstream/charts.lock", lock)

    def write_values(self, **more: object) -> None:
        values = yaml.yaml_load(self.repository.path("values/dev.yaml").read_bytes())
        values["addons"] = {**values.get("addons", {}), **self.addons}
        text = yaml.dump({**values, **more})
        self.repository.write("values/dev.yaml", text)

    def objects_of(self, component: str) -> dict[str, Object]:
        """Path in the folder of a component -> the object."""
        folder = self.repository.path(f"rendered/dev/manifests/{component}")
        return {
            str(path.relative_to(folder)): yaml.yaml_load(path.read_bytes())
            for path in sorted(folder.rglob("*.yaml"))
        }
