"""What the tests of all packages share."""

from __future__ import annotations

import os
import shutil
import signal
import warnings
from pathlib import Path

import pytest
from hypothesis import settings

from gitops_gen.helm import executable
from tests.repository import VARIATIONS, Repository, example

# How many examples each property test tries: few at every change, many where HYPOTHESIS_PROFILE
# says so, as .ci/run does. How long one of them takes is never a finding.
settings.register_profile("quick", deadline=None, max_examples=25)
settings.register_profile("thorough", deadline=None, max_examples=200)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))
# A shell lets what it starts in the background ignore Ctrl-C, and that would be handed on to all
# programs that tests start, those too that are to be interrupted.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def helm() -> str:
    """The Helm that renders, obtained if it is not here yet."""
    return executable(warnings.warn).path


@pytest.fixture
def repository(tmp_path: Path, helm: str) -> Repository:
    """The example's values, not rendered yet."""
    return example(tmp_path, helm)


@pytest.fixture(scope="session")
def rendered(tmp_path_factory: pytest.TempPathFactory, helm: str) -> Repository:
    """The example, rendered once: to look at, not to change."""
    repository = example(tmp_path_factory.mktemp("rendered"), helm)
    repository.render()
    return repository


@pytest.fixture(scope="session")
def variations(tmp_path_factory: pytest.TempPathFactory, helm: str) -> Repository:
    """The variations as environments of one repository, all rendered by one call of Helm."""
    repository = example(tmp_path_factory.mktemp("variations"), helm)
    for name in ("dev", "prod"):
        repository.path(f"values/{name}.yaml").unlink()
    for file in VARIATIONS:
        shutil.copy(file, repository.path(f"values/{file.name}"))
        repository.copy_cluster("prod", file.stem)
    repository.render("--jobs", "1")
    return repository
