"""The platform for which a program is built."""

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
"""Platforms by Go's names of the operating system and the architecture, with Python's name of the
machine."""


@dataclass(frozen=True, slots=True)
class Target:
    """An operating system and a machine, with Python's names in lower case."""

    system: str
    machine: str
    environment: Mapping[str, str]
    """Variables for Go. They are set for the current platform too, because the user may have set
    GOOS or GOARCH. They are empty if Go's names of the current platform are not listed above."""

    @classmethod
    def current(cls) -> Target:
        system, machine = platform.system().lower(), platform.machine().lower()
        for names in _MACHINES:
            if (names[0], _MACHINES[names]) == (system, machine):
                return cls.of_go(*names)
        return cls(system, machine, {})

    @classmethod
    def of_go(cls, system: str, architecture: str) -> Target:
        """Takes Go's names: `linux` and `arm64`. Raises KeyError for any other platform."""
        machine = _MACHINES[system, architecture]
        return cls(system, machine, {"GOOS": system, "GOARCH": architecture})
