"""Builds wheels that contain apicheck from the pure wheel in a folder, one for each platform.

    python tools/release/platform_wheels.py dist               # for all platforms
    python tools/release/platform_wheels.py dist linux/amd64   # for one, as Go names it

Go compiles the program for all platforms on this machine. All other files are those of the pure
wheel, which remains for other platforms.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import re
import sys
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from gitops_gen import gobuild
from gitops_gen.errors import GitopsGenError

PROGRAM = "apicheck"
SOURCES = Path(__file__).parents[1] / PROGRAM
PLACE = f"gitops_gen/apicheck/bin/{PROGRAM}"

# The program is linked statically, so it runs with any C library. Go 1.27 requires macOS 13.
PLATFORMS: Mapping[str, tuple[str, ...]] = {
    "linux/amd64": ("manylinux_2_17_x86_64", "manylinux2014_x86_64", "musllinux_1_1_x86_64"),
    "linux/arm64": ("manylinux_2_17_aarch64", "manylinux2014_aarch64", "musllinux_1_1_aarch64"),
    "darwin/amd64": ("macosx_13_0_x86_64",),
    "darwin/arm64": ("macosx_13_0_arm64",),
}
PURE = "py3-none-any"


def main(arguments: list[str]) -> int:
    if not arguments or set(arguments[1:]) - PLATFORMS.keys():
        sys.stderr.write(f"usage: platform_wheels.py FOLDER [{' | '.join(PLATFORMS)}]…\n")
        return 2
    folder, *platforms = arguments
    [pure] = Path(folder).glob(f"*-{PURE}.whl")
    try:
        for platform in platforms or PLATFORMS:
            sys.stdout.write(f"{platform_wheel(pure, platform)}\n")
    except GitopsGenError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    return 0


def platform_wheel(pure: Path, platform: str) -> Path:
    """Creates the wheel for a platform in the folder of the pure wheel, and returns its path."""
    target = gobuild.Target.of_go(*platform.split("/"))
    program = gobuild.build(SOURCES, _progress, target) / PROGRAM
    tags = PLATFORMS[platform]
    wheel = pure.with_name(pure.name.replace(PURE, f"py3-none-{'.'.join(tags)}"))
    with zipfile.ZipFile(pure) as source, zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as copy:
        _copy(source, copy, program.read_bytes(), tags)
    return wheel


def _progress(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def _copy(
    source: zipfile.ZipFile, copy: zipfile.ZipFile, program: bytes, tags: Iterable[str]
) -> None:
    """Copies the files of the pure wheel with changed metadata, and adds the program."""
    [metadata] = [item for item in source.infolist() if item.filename.endswith(".dist-info/WHEEL")]
    [record] = [item for item in source.infolist() if item.filename.endswith(".dist-info/RECORD")]
    changed = {metadata.filename: _metadata(source.read(metadata).decode(), tags)}
    for item in source.infolist():
        if item is not record:
            copy.writestr(item, changed.get(item.filename, source.read(item)))
    added = zipfile.ZipInfo(PLACE, metadata.date_time)
    added.compress_type, added.external_attr = zipfile.ZIP_DEFLATED, 0o100755 << 16
    copy.writestr(added, program)
    changed[PLACE] = program
    copy.writestr(record, _record(source.read(record).decode(), changed))


def _metadata(text: str, tags: Iterable[str]) -> bytes:
    text = text.replace("Root-Is-Purelib: true", "Root-Is-Purelib: false")
    lines = "".join(f"Tag: py3-none-{tag}\n" for tag in tags)
    return re.sub(rf"^Tag: {PURE}\n", lines, text, flags=re.MULTILINE).encode()


def _record(text: str, changed: Mapping[str, bytes]) -> bytes:
    """Returns RECORD with the digests of the files that are changed or added."""
    rows = [row for row in csv.reader(text.splitlines()) if row[0] not in changed]
    output = io.StringIO()
    writer = csv.writer(output, lineterminator="\n")
    writer.writerows([name, _digest(data), len(data)] for name, data in changed.items())
    writer.writerows(rows)
    return output.getvalue().encode()


def _digest(data: bytes) -> str:
    encoded = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=")
    return f"sha256={encoded.decode()}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
