"""Compares versions: a difference of one minor version is a note, a larger one is an error."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from gitops_gen.errors import ToolFailed
from gitops_gen.rehearse.servers.tools import Tools, version

MODULE = "terraform/modules/argocd/main.tf"
_CHART_VERSION = re.compile(r'chart\s*=\s*"argo-cd"\s+version\s*=\s*"([^"]+)"')
# The minor version of Argo CD for each minor version of its chart, whose numbers are unrelated.
_ARGOCD_OF_CHART = {"10.1": "3.4"}


def kubernetes(tools: Tools) -> str | None:
    return version(tools.require("kube-apiserver"))


def argocd(tools: Tools) -> str | None:
    return version(tools.require("argocd"), "version --client")


def skew(program: str, wanted: str | None, running: str | None) -> Iterator[str]:
    """Yields a note if the minor versions differ by one.

    Raises ToolFailed if they differ by more.
    """
    if not wanted or not running:
        yield f"{program}: the version is unknown and was not compared"
        return
    (major, minor), (running_major, running_minor) = _minor(wanted), _minor(running)
    if major != running_major or abs(minor - running_minor) > 1:
        text = f"{program} has the version {running}, but the environment has {wanted}"
        raise ToolFailed(
            f"{text}; they must not differ by more than one minor; use {major}.{minor}"
        )
    if minor != running_minor:
        yield f"{program} has the version {running}, but the environment has {wanted}"


def at_least(running: str | None, minor: str) -> bool:
    """Returns whether the version is of this minor version or later, or is unknown."""
    return running is None or _minor(running) >= _minor(minor)


def installed_argocd(root: Path) -> str | None:
    """Returns the version of Argo CD that the repository's Terraform installs, or None."""
    try:
        match = _CHART_VERSION.search((root / MODULE).read_text())
    except OSError:
        return None
    return _ARGOCD_OF_CHART.get(".".join(match.group(1).split(".")[:2])) if match else None


def _minor(text: str) -> tuple[int, int]:
    parts = re.findall(r"\d+", text)
    return int(parts[0]), int(parts[1]) if len(parts) > 1 else 0
