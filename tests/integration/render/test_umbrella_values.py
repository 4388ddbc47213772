"""Every value of the umbrella chart has an effect, and Helm refuses all other values."""

from __future__ import annotations

import copy
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gitops_gen import yaml
from tests.repository import VARIATIONS, Repository, load_all

EXAMPLE = ["dev", "prod"]
SETTINGS = Path(__file__).with_name("settings_of_helm.txt")

Place = tuple[str | int, ...]
"""The path of a value in the section of a component in values.yaml."""

Changes = dict[str, Place]
"""Component -> the place of the value that is changed."""


def helm(repository: Repository, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [repository.helm, *map(str, arguments), "--kube-version", "1.35"]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def output(repository: Repository, *arguments: str | Path) -> str:
    done = helm(repository, "template", "platform", *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def values_of(umbrella: Path) -> dict[str, Any]:
    [values] = load_all(umbrella / "values.yaml")
    return values


# Every value has an effect.


def scalars(value: object, place: Place = ()) -> Iterator[tuple[Place, object]]:
    items = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    if not isinstance(value, (dict, list)) or not value:
        yield place, value
    for key, item in items:
        yield from scalars(item, (*place, key))


def other(value: object) -> object:
    """Returns another value of the same type."""
    if isinstance(value, bool):
        return not value
    return value + 1 if isinstance(value, (int, float)) else f"{value}x"


def changed(values: dict[str, Any], changes: Changes) -> dict[str, Any]:
    result = copy.deepcopy(values)
    for component, place in changes.items():
        inner: Any = result[component]
        for key in place[:-1]:
            inner = inner[key]
        inner[place[-1]] = other(inner[place[-1]])
    return result


def one_change_per_component(values: dict[str, Any]) -> Iterator[Changes]:
    """Yields changes until every value is changed once."""
    places = {name: [place for place, _ in scalars(section)] for name, section in values.items()}
    for number in range(max(map(len, places.values()))):
        yield {name: listed[number] for name, listed in places.items() if number < len(listed)}


def chart_of_copies(umbrella: Path, folder: Path, copies: dict[str, dict[str, Any]]) -> Path:
    """Returns a chart that contains the umbrella once for each item of `copies`."""
    dependencies = [{"name": "platform", "version": "*", "alias": name} for name in copies]
    chart = {"apiVersion": "v2", "name": "copies", "version": "0.0.0"}
    shutil.copytree(umbrella, folder / "charts/platform", dirs_exist_ok=True)
    (folder / "Chart.yaml").write_text(yaml.dump({**chart, "dependencies": dependencies}))
    (folder / "values.yaml").write_text(yaml.dump(copies))
    return folder


def outputs(text: str) -> dict[tuple[str, str], str]:
    """Returns the output of each component, by the name of the copy and of the component."""
    found: dict[tuple[str, str], str] = {}
    for document in text.split("\n---\n"):
        if match := re.search(r"# Source: copies/charts/([^/]+)/charts/([^/]+)/", document):
            name, component = match.groups()
            source = document.replace(f"charts/{name}/", "")
            found[name, component] = found.get((name, component), "") + source
    return found


def without_effect(
    repository: Repository, umbrella: Path, folder: Path, all_changes: list[Changes]
) -> Iterator[tuple[str, Place]]:
    """Yields the values that can be changed without a change of the output.

    A change that a template refuses has an effect. The others are then rendered again.
    """
    values = values_of(umbrella)
    while True:
        copies = {f"copy-{n}": changed(values, one) for n, one in enumerate(all_changes)}
        chart = chart_of_copies(umbrella, folder, {"unchanged": values, **copies})
        done = helm(repository, "template", "platform", chart, "--skip-schema-validation")
        if done.returncode == 0:
            break
        refused = re.search(r"copies/charts/copy-(\d+)/charts/([^/]+)/", done.stderr)
        assert refused, done.stderr
        del all_changes[int(refused.group(1))][refused.group(2)]
    found = outputs(done.stdout)
    for number, changes in enumerate(all_changes):
        for component, place in changes.items():
            if found.get((f"copy-{number}", component)) == found.get(("unchanged", component)):
                yield component, place


@pytest.mark.parametrize("name", [*EXAMPLE, *(file.stem for file in VARIATIONS)])
def test_every_value_of_the_umbrella_has_an_effect(
    name: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    repository = request.getfixturevalue("rendered" if name in EXAMPLE else "variations")
    umbrella = repository.path(f"rendered/{name}/umbrella")
    waiting = list(one_change_per_component(values_of(umbrella)))
    while waiting:
        # Helm takes longer for many copies together.
        batch, waiting = waiting[:12], waiting[12:]
        assert list(without_effect(repository, umbrella, tmp_path, batch)) == []


# Helm refuses values without an effect.


def settings() -> Iterator[tuple[str, str]]:
    for line in SETTINGS.read_text().splitlines():
        if not line.startswith("#"):
            outcome, setting, *_ = line.split()
            yield outcome, setting


@pytest.mark.parametrize(("outcome", "setting"), list(settings()))
def test_no_setting_of_helm_is_ignored(rendered: Repository, outcome: str, setting: str) -> None:
    umbrella = rendered.path("rendered/prod/umbrella")
    done = helm(rendered, "template", "platform", umbrella, "--set", setting)
    if outcome == "refused":
        assert done.returncode != 0
        assert "additional properties" in done.stderr
        return
    assert done.returncode == 0, done.stderr
    assert done.stdout != output(rendered, umbrella)


def test_a_changed_tag_reaches_the_container(rendered: Repository) -> None:
    umbrella = rendered.path("rendered/prod/umbrella")
    text = output(rendered, umbrella, "--set", "backend.image.tag=9.9.9")
    assert 'image: "ghcr.io/acme/backend:9.9.9"' in text


def test_a_disabled_component_has_no_objects(rendered: Repository) -> None:
    umbrella = rendered.path("rendered/prod/umbrella")
    text = output(rendered, umbrella, "--set", "postgres.enabled=false")
    sources = set(re.findall(r"# Source: platform/charts/([^/]+)/", text))
    assert sources == {"backend", "frontend", "ingress", "platform"}


# The version and the notes.


def version(repository: Repository) -> str:
    [chart] = load_all(repository.path("rendered/dev/umbrella/Chart.yaml"))
    return str(chart["version"])


def test_the_version_changes_with_the_content(repository: Repository) -> None:
    repository.render()
    first = version(repository)
    assert re.fullmatch(r"0\.1\.0\+[0-9a-f]{12}", first)
    repository.run("set", "dev", "tiers.backend.replicas=2")
    repository.render()
    second = version(repository)
    assert second != first
    repository.run("set", "dev", "tiers.backend.replicas=1")
    repository.render()
    assert version(repository) == first


def test_helm_packages_the_umbrella(rendered: Repository, tmp_path: Path) -> None:
    umbrella = rendered.path("rendered/dev/umbrella")
    command = [rendered.helm, "package", str(umbrella), "--destination", str(tmp_path)]
    subprocess.run(command, check=True, capture_output=True)
    assert [file.name for file in tmp_path.iterdir()] == [f"platform-{version(rendered)}.tgz"]


def test_the_notes_name_what_must_exist(rendered: Repository) -> None:
    umbrella = rendered.path("rendered/prod/umbrella")
    expected = Path(__file__).with_name("notes_of_prod.txt").read_text()
    assert (umbrella / "templates/NOTES.txt").read_text() == expected
