"""Data of a user-defined chart survives every kind of removal from Git."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from tests.e2e.repositories import Tell, example
from tests.e2e.theatre import Play, play

CHART = Path(__file__).with_name("charts") / "archive"
FILES = "/api/v1/namespaces/files"
SCRATCH = "/api/v1/namespaces/scratch"
SETTINGS = "/api/v1/namespaces/archive/configmaps/settings"
DATA = (
    FILES,
    f"{FILES}/persistentvolumeclaims/uploads",
    f"{FILES}/persistentvolumeclaims/index-keeper-0",
    "/apis/apps/v1/namespaces/files/statefulsets/keeper",
    "/api/v1/persistentvolumes/exports",
    "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/ledgers.acme.example",
)


def repository(folder: Path, **section: Any) -> Path:
    """The example with the chart, and with additional keys in its section."""
    shutil.copytree(CHART, folder / "charts/archive")
    place = {"path": "charts/archive", "namespace": "archive", "namespaces": ["files", "scratch"]}
    return example(folder, addons={"archive": {**place, **section}})


def standing(play: Play) -> list[str | None]:
    """Returns the UID of each object, or None if it does not exist or is being deleted."""
    found = [play.get(path) for path in DATA]
    metadata = [item["metadata"] if item else {} for item in found]
    return [None if "deletionTimestamp" in item else item.get("uid") for item in metadata]


def leave_git(play: Play) -> dict[str, Any]:
    """Pushes each revision after the first; returns the remaining objects after each push."""
    play.begin("first")
    facts: dict[str, Any] = {"first": standing(play), "scratch": bool(play.get(SCRATCH))}
    for push in play.plan.pushes[1:]:
        play.push(push.name)
        facts[push.name] = standing(play)
    play.until(lambda: play.get(SCRATCH) is None)
    facts["settings"] = bool(play.get(SETTINGS))
    return facts


def test_taken_out_of_the_chart_and_then_the_chart_itself(tmp_path: Path, tell: Tell) -> None:
    trees = {
        "first": repository(tmp_path / "first"),
        "emptied": repository(tmp_path / "emptied", values={"data": False}),
        "removed": example(tmp_path / "removed"),
    }
    facts = play(leave_git, trees)
    tell(facts)
    assert facts["scratch"], "there was something that is not to be kept"
    assert None not in facts["first"]
    assert facts["emptied"] == facts["removed"] == facts["first"]


def test_switched_off(tmp_path: Path, tell: Tell) -> None:
    trees = {
        "first": repository(tmp_path / "first"),
        "off": repository(tmp_path / "off", enabled=False),
    }
    facts = play(leave_git, trees)
    tell(facts)
    assert None not in facts["first"]
    assert facts["off"] == facts["first"]
    assert not facts["settings"], "what holds no data went with its Application"


def whole_environment(play: Play) -> dict[str, Any]:
    """Removes the environment's directories from Git; Argo CD compares three times."""
    play.begin("first")
    facts: dict[str, Any] = {"first": standing(play)}
    gone = play.sandbox.folder / "gone"
    (gone / "argocd/dev").mkdir(parents=True)
    shutil.copy(play.plan.pushes[0].root / "argocd/dev/bootstrap.yaml", gone / "argocd/dev")
    play.sandbox.repository.push(gone, "dev", ())
    for _ in range(3):
        play.sandbox.refresh_all()
        play.until(lambda: not refreshing(play))
    return {**facts, "states": play.states(), "gone": standing(play)}


def refreshing(play: Play) -> list[str]:
    """Returns the Applications with a pending refresh."""
    names = play.sandbox.raw_applications()
    found = {name: play.get(play.application(name)) or {} for name in names}
    request = "argocd.argoproj.io/refresh"
    return [n for n, value in found.items() if request in value["metadata"].get("annotations", {})]


def test_a_whole_environment_is_left_alone(tmp_path: Path, tell: Tell) -> None:
    facts = play(whole_environment, {"first": repository(tmp_path / "first")})
    tell(facts)
    assert None not in facts["first"]
    assert "app path does not exist" in facts["states"]["root"]
    assert "app path does not exist" in facts["states"]["archive"]
    assert facts["gone"] == facts["first"]
