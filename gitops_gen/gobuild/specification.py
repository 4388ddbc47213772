"""The file programs.toml of a folder of sources: which programs are built, and how."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from gitops_gen.errors import ToolFailed

FILE = "programs.toml"
_PLACEHOLDER = re.compile(r"\{(?P<name>[^{}|]+)(?:\|(?P<form>number|minor))?\}")
_NOT_SOURCES = re.compile(r"(^|/)(testdata/.*|[^/]*_test\.go|README\.md)$")


@dataclass(frozen=True, slots=True)
class GoProgram:
    name: str
    package: str
    """The path of its main package."""


@dataclass(frozen=True, slots=True)
class ModuleFile:
    """A file of a module that is copied to the folder of the programs."""

    module: str
    path: str
    to: str


@dataclass(frozen=True, slots=True)
class Specification:
    sources: Path
    folder: str
    """The name of the folder in the cache of the user."""
    programs: tuple[GoProgram, ...]
    files: tuple[ModuleFile, ...]
    variables: Mapping[str, str]
    """Variables of Go packages, and their values."""

    def digest(self) -> str:
        """Returns the SHA-256 digest of all files except tests and documentation."""
        total = hashlib.sha256()
        for path in sorted(self._files()):
            content = (self.sources / path).read_bytes()
            total.update(f"{path}\0{len(content)}\0".encode() + content)
        return total.hexdigest()

    def link_flags(self, version: Callable[[str], str]) -> str:
        """Returns the flags of Go's linker. `version` returns the version of a module."""

        def value(match: re.Match[str]) -> str:
            if match["name"] == "sources":
                return self.digest()
            found = version(match["name"])
            number = found.removeprefix("v")
            return {"number": number, "minor": number.split(".")[1]}.get(match["form"], found)

        settings = (
            f"-X {name}={_PLACEHOLDER.sub(value, text)}" for name, text in self.variables.items()
        )
        return " ".join(["-s -w", *settings])

    def _files(self) -> Iterator[str]:
        for path in self.sources.rglob("*"):
            name = path.relative_to(self.sources).as_posix()
            if path.is_file() and not _NOT_SOURCES.search(name):
                yield name


def read(sources: Path) -> Specification:
    try:
        content = tomllib.loads((sources / FILE).read_text())
        return Specification(
            sources.resolve(),
            content["folder"],
            tuple(GoProgram(**item) for item in content["program"]),
            tuple(ModuleFile(**item) for item in content.get("file", ())),
            content.get("variables", {}),
        )
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise ToolFailed(f"{sources / FILE} cannot be used: {error}") from error
