"""Finds the programs of a rehearsal, with installation instructions for each."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from shutil import which
from typing import NamedTuple

from gitops_gen.errors import ToolFailed

VARIABLE = "GITOPS_GEN_REHEARSE_TOOLS"
"""The environment variable with a directory that is searched before all others."""
KUBERNETES = "1.35"
"""The Kubernetes version of the programs that `gitops-gen doctor` recommends."""
BUILD = (
    "in a clone of the repository of gitops-gen, `make rehearse-tools` builds all programs that "
    "are not packages of your system"
)

_ENVTEST = (
    f"run setup-envtest use {KUBERNETES} (sigs.k8s.io/controller-runtime/tools/setup-envtest), and "
    "set KUBEBUILDER_ASSETS to the printed path"
)
_ARCHIVE = (
    f"install it from the server archive of Kubernetes {KUBERNETES} (see kubernetes.io/releases)"
)


class Program(NamedTuple):
    name: str
    part: str
    """The part that needs the program: `api`, `live`, `argocd`, or a dry run on a `cluster`."""
    advice: str


PROGRAMS = (
    Program("etcd", "api", _ENVTEST),
    Program("kube-apiserver", "api", _ENVTEST),
    Program("openssl", "api", "install openssl with your system's packages"),
    Program("unshare", "api", "install util-linux with your system's packages"),
    Program("git", "argocd", "install git with your system's packages"),
    Program("argocd", "argocd", "install the Argo CD CLI (see argo-cd.readthedocs.io)"),
    Program("redis-server", "argocd", "install redis-server with your system's packages"),
    Program("kube-controller-manager", "live", _ARCHIVE),
    Program("kube-scheduler", "live", _ARCHIVE),
    Program("kwok", "live", "install it from a release of kubernetes-sigs/kwok"),
    Program(
        "kubectl", "cluster", "see kubernetes.io/docs/tasks/tools; only --kubeconfig requires it"
    ),
)


@dataclass(frozen=True, slots=True)
class Tools:
    """The paths of the installed programs, by name."""

    paths: Mapping[str, str]

    def find(self, name: str) -> str | None:
        return self.paths.get(name)

    def require(self, name: str) -> str:
        found = self.paths.get(name)
        if found is None:
            raise ToolFailed(f"{name} is not installed; {_program(name).advice}{_searched()}")
        return found

    def missing(self, part: str) -> tuple[str, ...]:
        """Returns the programs of a part that are not installed."""
        return tuple(p.name for p in PROGRAMS if p.part == part and p.name not in self.paths)


def tools() -> Tools:
    """Returns the programs that are installed on this machine."""
    folders = [*_folders(), *os.environ.get("PATH", os.defpath).split(os.pathsep)]
    search_path = os.pathsep.join(folders)
    found = {program.name: which(program.name, path=search_path) for program in PROGRAMS}
    return Tools({name: path for name, path in found.items() if path})


def advice(name: str) -> str:
    return _program(name).advice


def cache_folder() -> Path:
    """Returns the directory in which `make rehearse-tools` of this project stores the programs."""
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return Path(cache) / "gitops-gen" / "rehearse-tools"


def version(path: str, argument: str = "--version") -> str | None:
    """Returns the version that a program prints, for example "1.36.1", or None."""
    try:
        result = subprocess.run(
            [path, *argument.split()], capture_output=True, text=True, timeout=30, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    match = re.search(r"v?(\d+\.\d+\.\d+)", result.stdout + result.stderr)
    return match.group(1) if match else None


def _folders() -> Iterator[str]:
    for variable in (VARIABLE, "KUBEBUILDER_ASSETS"):
        if folder := os.environ.get(variable):
            yield from (folder, os.path.join(folder, "bin"))
    yield str(cache_folder() / "current" / "bin")
    yield "/usr/local/kubebuilder/bin"


def _searched() -> str:
    """Returns the end of a message: the directory that the user chose, or how to choose one."""
    folder = os.environ.get(VARIABLE)
    if folder:
        return f"; neither {folder} ({VARIABLE}) nor its directory bin contains it"
    return f"; or set {VARIABLE} to the directory that contains it"


def _program(name: str) -> Program:
    return next(program for program in PROGRAMS if program.name == name)
