"""Which Helm renders. Bytes differ between versions of Helm, so one version is pinned.

The one that GITOPS_GEN_HELM names comes first. Otherwise it is the pinned version, from our cache
or from PATH, and if neither has it, it is downloaded once.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass

from gitops_gen.errors import ToolFailed
from gitops_gen.helm.pinned import HELM_VERSION, VARIABLE, version_of


@dataclass(frozen=True, slots=True)
class Executable:
    """A Helm; `note` is for the user where it is not the pinned one."""

    path: str
    version: str
    note: str | None = None


def executable(report: Callable[[str], None]) -> Executable:
    """The Helm to render with; `report` gets a line when it has to be downloaded first."""
    present = installed()
    if present:
        return present
    from gitops_gen.helm.obtain import obtain

    return Executable(obtain(cache_folder(), report), HELM_VERSION)


def installed() -> Executable | None:
    """The Helm to render with, if it is on this machine already."""
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
        raise ToolFailed(f"{VARIABLE}={name} is not a Helm that runs; unset it or mend the path")
    note = f"{path} is Helm {version}, the pinned one is {HELM_VERSION}: bytes may differ"
    return Executable(path, version, None if version == HELM_VERSION else note)


def cache_folder() -> str:
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return os.path.join(cache, "gitops-gen", f"helm-{HELM_VERSION}")


def cached() -> str | None:
    path = os.path.join(cache_folder(), "helm")
    return path if os.path.isfile(path) and os.access(path, os.X_OK) else None


def on_path() -> str | None:
    """A Helm on PATH, if it is exactly the pinned version."""
    from shutil import which

    path = which("helm")
    return path if path and version_of(path) == HELM_VERSION else None
