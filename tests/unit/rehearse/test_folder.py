"""Temporary directories of rehearsals: each run has its own, and none remains."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from gitops_gen.rehearse.servers.folder import scratch


def test_many_that_begin_and_end_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last run removes the common directory while the next run creates it."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    said: list[str] = []

    def runs(_number: int) -> None:
        for _ in range(25):
            with scratch(said.append) as folder:
                assert os.listdir(folder) == []

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(runs, range(4))) == [None] * 4
    assert said == []
    assert os.listdir(tmp_path) == []
