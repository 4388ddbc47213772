"""charts/upstream/Chart.yaml and charts.lock: each file in pins/ and locks/ has faults.

The expected messages are in the `.txt` file beside it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from gitops_gen.charts.files import LOCK_FILE, PINS_FILE
from gitops_gen.charts.lock import Lock, LockedChart, LockedDependency, parse_lock, read_lock
from gitops_gen.charts.pins import UpstreamPin, read_pins
from gitops_gen.errors import InvalidInput
from gitops_gen.model import Pin, Position
from gitops_gen.revisions.in_memory import InMemory
from tests.repository import Repository

FOLDER = Path(__file__).parent
REPOSITORY = "https://charts.example.com"


def pins(text: str) -> tuple[UpstreamPin, ...]:
    return read_pins(InMemory("a revision", {PINS_FILE: text.encode()}))


@pytest.mark.parametrize("path", sorted(FOLDER.glob("pins/*.yaml")), ids=lambda path: path.stem)
def test_pins_with_faults(path: Path) -> None:
    with pytest.raises(InvalidInput) as refused:
        pins(path.read_text())
    assert f"{refused.value}\n" == path.with_suffix(".txt").read_text()


@pytest.mark.parametrize("path", sorted(FOLDER.glob("locks/*.yaml")), ids=lambda path: path.stem)
def test_a_lock_with_faults(path: Path) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_lock(InMemory("a revision", {LOCK_FILE: path.read_bytes()}))
    assert f"{refused.value}\n" == path.with_suffix(".txt").read_text()


def test_the_pins_of_a_revision_without_the_file() -> None:
    assert read_pins(InMemory("a revision", {})) == ()
    assert read_lock(InMemory("a revision", {})) == Lock()


def test_a_pin_has_the_position_of_its_version() -> None:
    entry = "{name: app, alias: mailer, version: ^2.3, repository: 'oci://example.com/charts/'}"
    [found] = pins(f"dependencies:\n  - {entry}\n")
    assert found.section == "mailer"
    assert found.pin == Pin("oci://example.com/charts", "app", "^2.3")
    assert found.position == Position(PINS_FILE, 2, 41)
    assert not found.is_exact


def chart(name: str, version: str = "1.0.0", digest: str = "a", **keys: str) -> LockedChart:
    return LockedChart(name, version, REPOSITORY, digest * 64, **keys)


WHOLE = LockedChart(
    name="whole",
    version="v1.0.0+build",
    source="oci://example.com/charts",
    archive_sha256="c" * 64,
    oci_manifest=f"sha256:{'d' * 64}",
    version_range=">=1.0.0, <2 || 3.x",
    app_version="1.10",
    kube_version=">= 1.22.0-0",
    dependencies=(LockedDependency("inner", "0.1.0", "e" * 64),),
)


def test_a_lock_is_written_and_read_again() -> None:
    lock = Lock((WHOLE, chart("plain"), chart("plain", "1.1.0", "b")))
    assert set(parse_lock(lock.content(), LOCK_FILE).charts) == set(lock.charts)
    assert parse_lock(lock.content(), LOCK_FILE).content() == lock.content()
    assert parse_lock(Lock().content(), LOCK_FILE) == Lock()


def test_keys_of_a_newer_version_are_ignored() -> None:
    content = Lock((chart("plain"),)).content() + b"    signature: abc\n"
    [found] = parse_lock(content, LOCK_FILE).charts
    assert found == chart("plain")
    assert found.position == Position(LOCK_FILE, 4, 5)


def test_a_pin_finds_its_locked_chart() -> None:
    lock = Lock((WHOLE, chart("plain"), chart("plain", "1.1.0", version_range="^1.0")))
    assert lock.find(Pin(f"{REPOSITORY}/", "plain", "1.0.0")) == chart("plain")
    found = lock.find(Pin(REPOSITORY, "plain", "^1.0"))
    assert found is not None
    assert found.version == "1.1.0"
    assert lock.find(Pin(REPOSITORY, "plain", "^1.1")) is None
    assert lock.find(Pin("https://mirror.example.com", "plain", "1.0.0")) is None


def test_branches_that_change_different_charts_are_merged_by_git(tmp_path: Path) -> None:
    """One branch upgrades a chart, the other one its neighbour and adds a third."""
    repository = Repository(tmp_path, helm="")
    before = [chart("apple"), chart("berry"), chart("melon")]
    first = [chart("apple", "1.1.0", "b"), *before[1:]]
    second = [before[0], chart("berry", "1.1.0", "b"), before[2], chart("peach")]
    repository.git("init", "--quiet", "--initial-branch=main")
    for branch, charts in (("main", before), ("first", first), ("second", second)):
        if branch != "main":
            repository.git("checkout", "--quiet", "-b", branch, "main")
        repository.path("charts.lock").write_bytes(Lock(tuple(charts)).content())
        repository.commit(branch)
    repository.git("merge", "--quiet", "first")
    merged = parse_lock(repository.path("charts.lock").read_bytes(), LOCK_FILE)
    assert merged.charts == (first[0], second[1], before[2], second[3])
