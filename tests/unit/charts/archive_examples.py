"""Builds the archives that the files in archives/ describe."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gitops_gen import yaml

FOLDER = Path(__file__).parent / "archives"
_CHART = "apiVersion: v2\nname: {0}\nversion: 1.0.0\n"
_TYPES = {
    "file": tarfile.REGTYPE,
    "folder": tarfile.DIRTYPE,
    "symlink": tarfile.SYMTYPE,
    "hardlink": tarfile.LNKTYPE,
    "character": tarfile.CHRTYPE,
    "block": tarfile.BLKTYPE,
    "fifo": tarfile.FIFOTYPE,
    "sparse": tarfile.GNUTYPE_SPARSE,
}


def case(path: Path) -> dict[str, Any]:
    return dict(yaml.yaml_load(path.read_bytes(), path.name))


def archive(case: dict[str, Any]) -> bytes:
    """Returns the archive that a case describes."""
    if "raw" in case:
        return str(case["raw"]).encode()
    if "nested" in case:
        return _nested(case["nested"])
    data = _tar(case)
    compressed = _compressed(data, case.get("compression", "gzip"))
    if "flip" in case:
        at = case["flip"]
        compressed = compressed[:at] + bytes([compressed[at] ^ 0xFF]) + compressed[at + 1 :]
    return compressed[: len(compressed) - case.get("cut", 0)]


def _tar(case: dict[str, Any]) -> bytes:
    smallest = [] if case.get("bare") else list(_own_members(case.get("prefix", "")))
    blocks = b"".join(
        block for member in (*smallest, *case["members"]) for block in _blocks(member)
    )
    if "cut_tar" in case:
        return blocks[: -case["cut_tar"]]
    end = b"" if case.get("without_end") else bytes(1024)
    return blocks + end + str(case.get("after_end", "")).encode()


def _own_members(prefix: str) -> Iterator[dict[str, Any]]:
    """The smallest chart."""
    yield {"name": f"{prefix}plain/Chart.yaml", "content": _CHART.format("plain")}
    yield {"name": f"{prefix}plain/values.yaml", "content": "greeting: hello\n"}


def _blocks(member: dict[str, Any]) -> Iterator[bytes]:
    """Yields the header and the content of a member, and the headers before it."""
    copies = member.get("copies", 1)
    for number in range(copies):
        suffix = str(number) if copies > 1 else ""
        yield from _one(member, f"{member['name']}{suffix}")


def _one(member: dict[str, Any], name: str) -> Iterator[bytes]:
    kind = member.get("type", "file")
    if pax := member.get("pax"):
        is_global = kind == "global"
        yield from _raw("header", _pax(pax), tarfile.XGLTYPE if is_global else tarfile.XHDTYPE)
        if is_global:
            return
    if "gnu_name" in member:
        long_name = str(member["gnu_name"]) * member.get("name_times", 1)
        yield from _raw("header", long_name.encode() + b"\0", tarfile.GNUTYPE_LONGNAME)
    content = str(member.get("content", "")).encode() * member.get("times", 1)
    if "archive" in member:
        content = archive(member["archive"])
    yield from _raw(name, content, _TYPES[kind], member)


def _raw(
    name: str, content: bytes, kind: bytes, member: dict[str, Any] | None = None
) -> Iterator[bytes]:
    options = member or {}
    header = tarfile.TarInfo(name)
    header.type, header.size = kind, len(content)
    header.linkname = options.get("link", "")
    encoding = options.get("encoding", "utf-8")
    block = header.tobuf(tarfile.GNU_FORMAT, encoding, "strict")
    if options.get("broken"):
        block = block[:148] + b"000000\0 " + block[156:]
    yield block
    yield content + bytes(-len(content) % 512)


def _pax(records: dict[str, str]) -> bytes:
    lines = b""
    for key, value in records.items():
        rest = f" {key}={value}\n".encode()
        length = len(rest) + 1
        while length != len(rest) + len(str(length)):
            length = len(rest) + len(str(length))
        lines += f"{length}".encode() + rest
    return lines


def _compressed(data: bytes, kind: str) -> bytes:
    if kind == "zip":
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as file:
            file.writestr("plain.tar", data)
        return buffer.getvalue()
    if kind == "gzip":
        return gzip.compress(data, mtime=0)
    return {"bz2": bz2.compress, "xz": lzma.compress, "none": bytes}[kind](data)


def _nested(levels: int) -> bytes:
    """An archive of a chart that contains an archive of a chart, and so on."""
    inner: bytes | None = None
    for level in range(levels):
        name = f"level{level}"
        blocks = list(_raw(f"{name}/Chart.yaml", _CHART.format(name).encode(), tarfile.REGTYPE))
        if inner is not None:
            blocks += _raw(f"{name}/charts/inner.tgz", inner, tarfile.REGTYPE)
        inner = gzip.compress(b"".join(blocks) + bytes(1024), mtime=0)
    assert inner is not None
    return inner
