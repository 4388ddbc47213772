"""Selects the Helm executable. One version is pinned, because the output differs between versions.

The executable in GITOPS_GEN_HELM has precedence. Otherwise the pinned version is used, from the
cache of gitops-gen or from PATH. If neither has it, it is downloaded once, or built from its Go
module on platforms without a wheel.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass

from gitops_gen.errors import ToolFailed
from gitops_gen.helm.pinned import HELM_VERSION, VARIABLE, version_of


@dataclass(frozen=True, slots=True)
class Executable:
    """A Helm executable. `note` is a message for the user if it is not the pinned version."""

    path: str
    version: str
    note: str | None = None


def executable(report: Callable[[str], None]) -> Executable:
    """The Helm to render with. `report` is called with a line if it must be obtained first."""
    present = installed()
    if present:
        return present
    from gitops_gen.helm.obtain import obtain

    return Executable(obtain(cache_folder(), report), HELM_VERSION)


def installed() -> Executable | None:
    """The Helm to render with, or None if it must be downloaded first."""
    name = os.environ.get(VARIABLE)
    if name:
        return _named_by_user(name)
    path = cached() or on_path()
    return Executable(path, HELM_VERSION) if path else None


def _named_by_user(name: str) -> Executable:
    from shutil import which

    path = which(name) or name
    version = version_of(path)
    if version is None:
        raise ToolFailed(f"{VARIABLE}={name} is not a working Helm; unset it or correct the path")
    note = (
        f"{path} is Helm {version}, but the pinned version is {HELM_VERSION}: the output may differ"
    )
    return Executable(path, version, None if version == HELM_VERSION else note)


def cache_folder() -> str:
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return os.path.join(cache, "gitops-gen", f"helm-{HELM_VERSION}")


def cached() -> str | None:
    """The one of the wheel, or the one that was built."""
    path = os.path.join(cache_folder(), "helm")
    if os.path.isfile(path) and os.access(path, os.X_OK):
        return path
    from gitops_gen.helm.building import built

    return built()


def on_path() -> str | None:
    """The Helm on PATH, or None if it is not exactly the pinned version."""
    from shutil import which

    path = which("helm")
    return path if path and version_of(path) == HELM_VERSION else None
