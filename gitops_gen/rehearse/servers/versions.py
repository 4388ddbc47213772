"""Which versions rehearse which: one minor apart is a note, more is an error."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from gitops_gen.errors import ToolFailed
from gitops_gen.rehearse.servers.tools import Tools, version

MODULE = "terraform/modules/argocd/main.tf"
_CHART_VERSION = re.compile(r'chart\s*=\s*"argo-cd"\s+version\s*=\s*"([^"]+)"')
# The chart's version does not say which Argo CD it installs: minor of the chart -> of Argo CD.
_ARGOCD_OF_CHART = {"10.1": "3.4"}


def kubernetes(tools: Tools) -> str | None:
    return version(tools.require("kube-apiserver"))


def argocd(tools: Tools) -> str | None:
    return version(tools.require("argocd"), "version --client")


def skew(program: str, wanted: str | None, running: str | None) -> Iterator[str]:
    """A note where the minors differ by one. Raises ToolFailed where they differ by more."""
    if not wanted or not running:
        yield f"{program}: its version is not known, so it was not compared"
        return
    (major, minor), (running_major, running_minor) = _minor(wanted), _minor(running)
    if major != running_major or abs(minor - running_minor) > 1:
        text = f"{program} is {running}, the environment's is {wanted}: more than a minor apart"
        raise ToolFailed(f"{text}; what is rehearsed there says little. Use {major}.{minor}")
    if minor != running_minor:
        yield f"{program} is {running}, the environment's is {wanted}"


def at_least(running: str | None, minor: str) -> bool:
    """Whether it is of that minor version or a later one; an unknown version may be."""
    return running is None or _minor(running) >= _minor(minor)


def installed_argocd(root: Path) -> str | None:
    """The Argo CD that the repository's Terraform installs."""
    try:
        match = _CHART_VERSION.search((root / MODULE).read_text())
    except OSError:
        return None
    return _ARGOCD_OF_CHART.get(".".join(match.group(1).split(".")[:2])) if match else None


def _minor(text: str) -> tuple[int, int]:
    parts = re.findall(r"\d+", text)
    return int(parts[0]), int(parts[1]) if len(parts) > 1 else 0
