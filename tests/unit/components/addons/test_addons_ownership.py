"""What every add-on declares of its own values: each list is decided on, nothing is lost."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

from gitops_gen import yaml
from gitops_gen.components import Folder, catalogue
from gitops_gen.components.addon import Addon
from gitops_gen.components.addon_values import Fixed, lists, lookup
from gitops_gen.errors import InvalidInput
from gitops_gen.model import Environment, Values

HERE = Path(__file__).parent
DOCUMENTATION = HERE.parents[3] / "docs/add-ons.md"
ADDONS = [folder.addon for folder in catalogue() if folder.addon is not None]
WITH_ROLE = [folder for folder in catalogue() if folder.aws_role is not None]
Load = Callable[[Path], Environment]
each = pytest.mark.parametrize("addon", ADDONS, ids=lambda addon: addon.section[-1])


@pytest.fixture
def ours(load: Load) -> Callable[[Addon], Values]:
    """An add-on's own values where every add-on is on."""
    environment = load(HERE / "valid/everything.yaml")
    return lambda addon: addon.ours(environment)


@each
def test_each_list_is_appended_to_or_replaceable_for_a_reason(
    addon: Addon, ours: Callable[[Addon], Values]
) -> None:
    """A new list among an add-on's values is decided on, or this fails."""
    decided = [*addon.ownership.appended, *addon.ownership.replaceable]
    assert sorted(one.path for one in decided) == sorted(map(".".join, lists(ours(addon))))
    assert all(one.reason for one in decided)


@each
def test_what_stays_is_ours_or_the_charts(addon: Addon, ours: Callable[[Addon], Values]) -> None:
    for path, reason, chart in addon.ownership.fixed:
        assert (lookup(ours(addon), *path.split(".")) is None) == (chart is not None), path
        assert reason


@pytest.mark.parametrize("folder", WITH_ROLE, ids=lambda folder: folder.name)
def test_an_add_on_keeps_the_name_of_the_service_account_that_has_its_role(
    folder: Folder, ours: Callable[[Addon], Values]
) -> None:
    addon, role = folder.addon, folder.aws_role
    assert addon is not None
    assert role is not None
    kept = [
        chart or lookup(ours(addon), *path.split("."))
        for path, reason, chart in addon.ownership.fixed
        if reason == role.binding
    ]
    assert kept == [role.service_account]
    assert role.namespace == addon.namespace


# Whatever the user writes in the way of one


@each
def test_no_other_value_is_accepted(addon: Addon, load: Load, tmp_path: Path) -> None:
    for fixed in addon.ownership.fixed:
        keys = (*fixed.path.split("."), *_first_key(addon, fixed, load))
        assert fixed.reason in refusal(addon, keys, "something else", load, tmp_path)


@each
def test_no_other_type_is_accepted_above_one(addon: Addon, load: Load, tmp_path: Path) -> None:
    for path, _ in _declared(addon):
        for above in _above(path):
            told = refusal(addon, above, "something else", load, tmp_path)
            assert f".values.{'.'.join(above)}: must stay a map" in told


@each
def test_no_null_removes_one(addon: Addon, load: Load, tmp_path: Path) -> None:
    """What the chart has by itself comes back when a null removes the user's own."""
    written = catalogue_values(addon)
    for path, reason in _declared(addon):
        keys = path.split(".")
        if lookup(written, *keys) is not None:
            for end in range(1, len(keys) + 1):
                assert reason in refusal(addon, tuple(keys[:end]), None, load, tmp_path)


@each
def test_the_documentation_lists_what_stays(addon: Addon) -> None:
    section = DOCUMENTATION.read_text().partition("## What stays ours")[2].partition("\n## ")[0]
    rows = [row for row in section.split("\n") if row.startswith(f"| {_name(addon)} ")]
    patterns = [pattern for row in rows for pattern in re.findall(r"`([^`]+)`", row)]
    for path in _documented(addon):
        documented = any(fnmatchcase(path, pattern) for pattern in patterns)
        assert documented, f"docs/add-ons.md, 'What stays ours', has no {path} for {_name(addon)}"


def _name(addon: Addon) -> str:
    return addon.section[-1]


def _declared(addon: Addon) -> Iterator[tuple[str, str]]:
    yield from ((path, reason) for path, reason, _ in addon.ownership.fixed)
    yield from addon.ownership.appended


def _documented(addon: Addon) -> Iterator[str]:
    yield from (path for path, _ in _declared(addon))
    yield from (f"{one.path}*.{one.below}" for one in addon.ownership.fixed_in_items)


def _above(path: str) -> Iterator[tuple[str, ...]]:
    keys = tuple(path.split("."))
    yield from (keys[:end] for end in range(1, len(keys)))


def _first_key(addon: Addon, fixed: Fixed, load: Load) -> tuple[str, ...]:
    """Of a map that stays, an entry of it."""
    environment = load(HERE / "valid/everything.yaml")
    value = lookup(addon.ours(environment), *fixed.path.split("."))
    return (next(iter(value)),) if isinstance(value, dict) else ()


def catalogue_values(addon: Addon) -> Values:
    folder = next(folder for folder in catalogue() if folder.section == addon.section)
    values: Values = folder.defaults.value["values"]
    return values


def refusal(addon: Addon, keys: tuple[str, ...], value: Any, load: Load, folder: Path) -> str:
    """What is told of `value` at `keys` of the add-on's values, at a line of the user's file."""
    for key in reversed(keys):
        value = {key: value}
    section = {"enabled": True, "values": value}
    file = folder / "refused.yaml"
    file.write_text(yaml.dump({"addons": {addon.section[-1]: section}}))
    with pytest.raises(InvalidInput) as refused:
        load(file)
    assert all(finding.position.line > 3 for finding in refused.value.findings)
    return str(refused.value)
