"""Repositories to measure on: the example's prod, many times over."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

EXAMPLE = Path(__file__).resolve().parent.parent / "values"


def repository(folder: Path, environments: int) -> tuple[str, ...]:
    """A repository of that many environments, each a cluster of its own; gives their names."""
    clusters = folder / "values" / "clusters"
    clusters.mkdir(parents=True)
    shutil.copy(EXAMPLE / "base.yaml", folder / "values")
    cluster = (EXAMPLE / "clusters" / "prod.json").read_text()
    names = tuple(f"e{number:04d}" for number in range(environments))
    for name in names:
        shutil.copy(EXAMPLE / "prod.yaml", folder / "values" / f"{name}.yaml")
        (clusters / f"{name}.json").write_text(cluster.replace("acme-prod", f"acme-{name}"))
    return names


def forget(folder: Path) -> None:
    """As on a fresh clone before its first render."""
    for name in ("rendered", "argocd", ".gitops-gen"):
        shutil.rmtree(folder / name, ignore_errors=True)


def commit(folder: Path) -> None:
    identity = ["-c", "user.name=bench", "-c", "user.email=bench@example.com"]
    for words in (["init", "-q"], ["add", "-A"], [*identity, "commit", "-qm", "all"]):
        subprocess.run(["git", *words], cwd=folder, check=True)
