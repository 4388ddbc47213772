"""Repositories for measurements, with many copies of prod of the example."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

TIERS = 24
EXAMPLE = Path(__file__).resolve().parent.parent / "values"


def repository(folder: Path, environments: int) -> tuple[str, ...]:
    """Creates a repository with so many environments and clusters. Returns their names."""
    clusters = folder / "values" / "clusters"
    clusters.mkdir(parents=True)
    shutil.copy(EXAMPLE / "base.yaml", folder / "values")
    cluster = (EXAMPLE / "clusters" / "prod.json").read_text()
    names = tuple(f"e{number:04d}" for number in range(environments))
    for name in names:
        shutil.copy(EXAMPLE / "prod.yaml", folder / "values" / f"{name}.yaml")
        (clusters / f"{name}.json").write_text(cluster.replace("acme-prod", f"acme-{name}"))
    return names


def fleet(folder: Path, environments: int, members: int = 50) -> tuple[str, ...]:
    """Like `repository`, in which each group has this many members."""
    names = repository(folder, environments)
    (folder / "values" / "groups").mkdir()
    for number, name in enumerate(names):
        group = f"g{number // members:02d}"
        path = folder / "values" / f"{name}.yaml"
        path.write_text(f"groups: [{group}]\n{path.read_text()}")
        text = "tiers: {backend: {env: {MODE: '1'}}}\n"
        (folder / "values" / "groups" / f"{group}.yaml").write_text(text)
    return names


def add_tiers(folder: Path, names: tuple[str, ...]) -> None:
    """Adds tiers to each environment, so that it has about 200 objects."""
    text = "".join(_tier(number) for number in range(TIERS))
    for name in names:
        path = folder / "values" / f"{name}.yaml"
        path.write_text(path.read_text().replace("tiers:\n", f"tiers:\n{text}"))


def _tier(number: int) -> str:
    image = f"{{repository: ghcr.io/acme/s{number}, tag: 1.0.{number}}}"
    return f"  service-{number:02}: {{image: {image}, port: 8080}}\n"


def objects(folder: Path) -> int:
    rendered = folder.glob("rendered/*/manifests/**/*.yaml")
    return sum(1 for path in [*rendered, *folder.glob("argocd/*/apps/*.yaml")])


def forget(folder: Path) -> None:
    """Restores the state of a new clone before its first render.

    Files are moved and not deleted, because ext4 creates files at half the speed for seconds after
    a deletion.
    """
    aside = Path(tempfile.mkdtemp(dir=folder.parent, prefix="forgotten-"))
    for name in ("rendered", "argocd", ".gitops-gen"):
        if (folder / name).exists():
            (folder / name).rename(aside / name)


def commit(folder: Path) -> None:
    identity = ["-c", "user.name=bench", "-c", "user.email=bench@example.com"]
    for words in (["init", "-q"], ["add", "-A"], [*identity, "commit", "-qm", "all"]):
        subprocess.run(["git", *words], cwd=folder, check=True)
