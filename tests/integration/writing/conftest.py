from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.writing.renders import AFTER, BEFORE, FOREIGN, Repository


@pytest.fixture
def repository() -> Iterator[Repository]:
    """A rendered repository that any user may enter, with foreign files in it and next to it."""
    top = Path(tempfile.mkdtemp())
    top.chmod(0o755)
    repository = Repository(top)
    repository.put({"outside/secret": "untouched"}, top)
    repository.put({"values/dev.yaml": "untouched", "rendered/prod/a": "prod"})
    repository.write_down({"before": BEFORE, "after": AFTER})
    assert repository.render("before").returncode == 0
    repository.put(FOREIGN)
    yield repository
    shutil.rmtree(top)
