"""The platform that a program is built for."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import dataclass

_MACHINES = {
    ("linux", "amd64"): "x86_64",
    ("linux", "arm64"): "aarch64",
    ("darwin", "amd64"): "x86_64",
    ("darwin", "arm64"): "arm64",
}
"""Platforms that Go builds for here, and what Python calls their machines."""


@dataclass(frozen=True, slots=True)
class Target:
    """An operating system and a machine, as Python names them, in small letters."""

    system: str
    machine: str
    environment: Mapping[str, str]
    """What Go is told of it; empty for the platform that it runs on."""

    @classmethod
    def current(cls) -> Target:
        return cls(platform.system().lower(), platform.machine().lower(), {})

    @classmethod
    def of_go(cls, system: str, architecture: str) -> Target:
        """As Go names it: `linux` and `arm64`. Raises KeyError for any other platform."""
        machine = _MACHINES[system, architecture]
        return cls(system, machine, {"GOOS": system, "GOARCH": architecture})
