"""Repositories for rehearsals: changed and rendered copies of the example."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from gitops_gen import yaml
from gitops_gen.render import Listener, RenderRequest
from gitops_gen.workspace import render_repository

EXAMPLE = Path(__file__).resolve().parents[2]
Tell = Callable[[object], None]
SETTINGS = "terraform/modules/argocd"
"""The Terraform files that define the version and the settings of Argo CD."""
QUIET = Listener(lambda _text: None, lambda _text: None)


def example(
    folder: Path,
    *,
    environment: str = "dev",
    files: Mapping[str, str] | None = None,
    **changes: Any,
) -> Path:
    """Renders the example with `changes` merged over the values of the environment."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copytree(EXAMPLE / "values", folder / "values", dirs_exist_ok=True)
    if (EXAMPLE / SETTINGS).is_dir():
        shutil.copytree(EXAMPLE / SETTINGS, folder / SETTINGS, dirs_exist_ok=True)
    for name, content in (files or {}).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    if changes:
        file = folder / "values" / f"{environment}.yaml"
        file.write_text(yaml.dump(_merged(yaml.yaml_load(file.read_bytes()), changes)))
    render_repository(RenderRequest(str(folder), (environment,)), QUIET)
    return folder


def committed(folder: Path, message: str) -> Path:
    """Commits the files, and keeps earlier commits as history."""
    for arguments in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "-m", message]):
        who = ["-c", "user.name=e2e", "-c", "user.email=e2e@localhost"]
        subprocess.run(["git", "-C", str(folder), *who, *arguments], check=True)
    return folder


def _merged(below: Any, above: Any) -> Any:
    if not isinstance(below, dict) or not isinstance(above, dict):
        return above
    keys = [*below, *(key for key in above if key not in below)]
    merged = {key: _merged(below.get(key), above.get(key, below.get(key))) for key in keys}
    return {key: merged[key] for key in keys}
