"""Programs that fail, and the real program."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from gitops_gen.apicheck import ApicheckProgram
from gitops_gen.apicheck.program import SOURCES
from gitops_gen.gobuild import digest

PROGRAMS = Path(__file__).with_name("programs")


@pytest.fixture
def program(tmp_path: Path) -> Callable[[str], ApicheckProgram]:
    """Makes a program of the folder `programs` executable."""

    def written(name: str) -> ApicheckProgram:
        path, sources = tmp_path / name, digest(SOURCES)
        text = (PROGRAMS / f"{name}.py").read_text().replace("{sources}", sources)
        path.write_text(f"#!{sys.executable} -I\n{text}")
        path.chmod(0o755)
        return ApicheckProgram(path, sources)

    return written
