"""Archives are hostile until they are checked: each file in archives/ describes one."""

from __future__ import annotations

import tracemalloc
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitops_gen.charts.archive import LARGEST_CONTENT, read_archive
from gitops_gen.errors import InvalidInput
from gitops_gen.model import Pin
from tests.unit.charts.archive_examples import FOLDER, archive, case

REFUSED = sorted((FOLDER / "refused").glob("*.yaml"))
ACCEPTED = sorted((FOLDER / "accepted").glob("*.yaml"))
PIN = Pin("https://charts.example.com", "plain", "1.0.0")


def read(data: bytes) -> None:
    read_archive(data, "plain-1.0.0.tgz").require(PIN)


@pytest.mark.parametrize("path", REFUSED, ids=lambda path: path.stem)
def test_a_hostile_archive_is_refused(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    described = case(path)
    with pytest.raises(InvalidInput) as refused:
        read(archive(described))
    message = str(refused.value)
    assert message.startswith("plain-1.0.0.tgz:"), message
    assert described["expected"] in message
    assert message.isprintable()
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("path", ACCEPTED, ids=lambda path: path.stem)
def test_an_archive_of_a_chart_is_read(path: Path) -> None:
    described = case(path)
    found = read_archive(archive(described), "plain-1.0.0.tgz")
    assert sorted(found.files) == described["files"]
    names = [one.metadata.name for one in found.subcharts]
    assert sorted(names) == described.get("subcharts", [])


def test_a_bomb_uses_no_more_memory_than_the_limit() -> None:
    data = archive(case(FOLDER / "refused/decompression-bomb.yaml"))
    tracemalloc.start()
    try:
        with pytest.raises(InvalidInput):
            read(data)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < LARGEST_CONTENT * 1.1


SMALL = archive(case(FOLDER / "accepted/subcharts-as-folder-and-archive.yaml"))


@given(st.binary(max_size=2000))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with pytest.raises(InvalidInput):
        read(data)


@given(st.integers(0, len(SMALL) - 1), st.integers(0, 255))
def test_an_archive_with_one_other_byte_is_read_or_refused(at: int, value: int) -> None:
    changed = SMALL[:at] + bytes([value]) + SMALL[at + 1 :]
    with suppress(InvalidInput):
        read(changed)


@given(st.integers(1, len(SMALL) - 1))
def test_a_part_of_an_archive_is_refused(length: int) -> None:
    with pytest.raises(InvalidInput):
        read(SMALL[:length])
