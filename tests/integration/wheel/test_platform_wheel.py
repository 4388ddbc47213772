"""A wheel that contains apicheck, built for the platform of most CI machines."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from gitops_gen.apicheck import ApicheckProgram
from gitops_gen.gobuild import digest
from tests.integration.wheel.conftest import Installed
from tests.repository import ROOT

PLACE = "gitops_gen/apicheck/bin/apicheck"


@pytest.fixture
def wheels(
    installed: Installed, real_program: ApicheckProgram, tmp_path: Path
) -> tuple[Path, Path]:
    """The pure wheel and the platform wheel that is made from it."""
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        pytest.skip("the platform wheel is tested on Linux on x86-64 only")
    pure = tmp_path / "dist" / installed.wheel.name
    pure.parent.mkdir()
    pure.symlink_to(installed.wheel)
    script = ROOT / "tools" / "release" / "platform_wheels.py"
    command = [sys.executable, str(script), str(pure.parent), "linux/amd64"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return pure, Path(done.stdout.strip())


def installed_files(wheel: Path, folder: Path) -> Path:
    """Installs a wheel with pip, without its dependencies."""
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    command += ["--disable-pip-version-check", "--target", str(folder), str(wheel)]
    subprocess.run(command, check=True)
    return folder


def test_the_pure_wheel_contains_the_sources_of_the_programs(
    installed: Installed, tmp_path: Path
) -> None:
    with zipfile.ZipFile(installed.wheel) as archive:
        archive.extractall(tmp_path)
        names = archive.namelist()
    for package, sources in (("apicheck", "apicheck"), ("helm", "helm")):
        packaged = tmp_path / "gitops_gen" / package / "sources"
        assert digest(packaged) == digest(ROOT / "tools" / sources)
    assert not [name for name in names if name.endswith("_test.go") or "/testdata/" in name]
    assert PLACE not in names


def test_a_platform_wheel_is_the_pure_wheel_with_the_program(wheels: tuple[Path, Path]) -> None:
    pure, wheel = wheels
    tag = "py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.musllinux_1_1_x86_64"
    assert wheel.name == pure.name.replace("py3-none-any", tag)
    with zipfile.ZipFile(pure) as before, zipfile.ZipFile(wheel) as after:
        assert set(after.namelist()) - set(before.namelist()) == {PLACE}
        changed = {
            name.rpartition("/")[2]
            for name in before.namelist()
            if before.read(name) != after.read(name)
        }
    assert changed == {"WHEEL", "RECORD"}


def test_the_installed_program_is_found(wheels: tuple[Path, Path], tmp_path: Path) -> None:
    """pip verifies the tags and RECORD."""
    folder = installed_files(wheels[1], tmp_path / "site-packages")
    environment = {**os.environ, "PYTHONPATH": str(folder), "XDG_CACHE_HOME": str(tmp_path)}
    command = [sys.executable, "-m", "gitops_gen", "doctor"]
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    [line] = [line for line in done.stdout.splitlines() if "apicheck" in line]
    assert line.startswith("ok ")
    assert line.endswith(f"({folder / PLACE})")


def test_two_wheels_of_one_platform_are_the_same(wheels: tuple[Path, Path], tmp_path: Path) -> None:
    first = wheels[1].read_bytes()
    script = ROOT / "tools" / "release" / "platform_wheels.py"
    command = [sys.executable, str(script), str(wheels[0].parent), "linux/amd64"]
    subprocess.run(command, check=True, capture_output=True)
    assert wheels[1].read_bytes() == first
