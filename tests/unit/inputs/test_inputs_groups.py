"""Groups are merged like layers that are written into the other files by hand."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import reduce
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from gitops_gen import yaml
from gitops_gen.inputs import Loader
from gitops_gen.inputs.groups import Groups
from gitops_gen.revisions.in_memory import InMemory
from tests.unit.inputs.test_inputs_layers import maps, over

NAMES = ("eu", "production", "payments", "2024")
orders = st.lists(st.sampled_from(NAMES), unique=True)


def revision(files: Mapping[str, Any]) -> InMemory:
    """The revision with these values files."""
    texts = {
        path: json.dumps(value) if path.endswith(".json") else yaml.dump(value)
        for path, value in files.items()
    }
    return InMemory("", {path: text.encode() for path, text in texts.items()})


def merged(files: Mapping[str, Any], names: Iterable[str]) -> list[Any]:
    """The merged values of environments, without the list of groups, and without defaults."""
    loader = Loader(revision(files), ())
    return [without(loader.merged(name).values, ["groups"]) for name in names]


@given(maps, st.fixed_dictionaries(dict.fromkeys(NAMES, maps)), maps, maps, orders)
def test_groups_are_merged_in_the_order_of_the_list(
    base: Any, groups: dict[str, Any], facts: Any, own: Any, order: list[str]
) -> None:
    files = {"values/base.yaml": base, "values/dev.yaml": {**own, "groups": order}}
    files |= {f"values/groups/{name}.yaml": layer for name, layer in groups.items()}
    files["values/clusters/dev.json"] = facts
    by_hand: Any = reduce(over, [base, *(groups[name] for name in order), facts, own], {})
    assert merged(files, ["dev"]) == [by_hand]


@settings(max_examples=25)
@given(maps, maps, st.lists(maps, min_size=50, max_size=50), st.sets(st.integers(0, 49)))
def test_keys_that_members_move_into_a_group_change_no_value(
    base: Any, moved: dict[str, Any], own: list[dict[str, Any]], members: set[int]
) -> None:
    before: dict[str, Any] = {"values/base.yaml": base}
    after = {"values/base.yaml": base, "values/groups/team.yaml": moved}
    for number, values in enumerate(own):
        path, kept = f"values/e{number}.yaml", without(values, moved)
        is_member = number in members
        before[path] = {**kept, **moved} if is_member else values
        after[path] = {**kept, "groups": ["team"]} if is_member else values
    names = [f"e{number}" for number in range(len(own))]
    assert merged(after, names) == merged(before, names)
    assert Groups(revision(after)).members("team") == tuple(sorted(f"e{n}" for n in members))


def without(values: dict[str, Any], keys: Iterable[str]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if key not in keys}
