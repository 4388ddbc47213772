"""Which fields of two objects differ."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gitops_gen.objects.fields import FieldDifference, differences


def printed(before: object, after: object) -> list[tuple[str, object, object]]:
    return [(str(path), old, new) for path, old, new in differences(before, after)]


def test_each_field_that_differs_is_found_in_the_order_of_the_keys() -> None:
    before = {"spec": {"containers": [{"image": "a:1"}, {"image": "b:1"}], "replicas": 1}}
    after = {"spec": {"containers": [{"image": "a:2"}, {"image": "b:1"}]}}
    assert printed(before, after) == [
        ("spec.containers[0].image", "a:1", "a:2"),
        ("spec.replicas", 1, None),
    ]


def test_a_list_with_more_or_fewer_items_is_one_difference() -> None:
    assert printed({"args": ["a"]}, {"args": ["a", "b"]}) == [("args", ["a"], ["a", "b"])]


def test_a_map_that_is_added_is_one_difference() -> None:
    assert printed({}, {"labels": {"a.b/c": "d"}}) == [("labels", None, {"a.b/c": "d"})]
    assert printed({"labels": {}}, {"labels": {"a.b/c": "d"}}) == [('labels."a.b/c"', None, "d")]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(VALUES, VALUES)
def test_values_that_are_equal_and_only_those_have_no_difference(
    before: object, after: object
) -> None:
    assert not list(differences(before, before))
    # A key without a value and a missing key are the same to an API server.
    assert bool(list(differences(before, after))) == (without_nulls(before) != without_nulls(after))


@given(VALUES, VALUES)
def test_the_other_way_round_the_same_fields_differ(before: object, after: object) -> None:
    assert list(differences(after, before)) == [
        FieldDifference(path, new, old) for path, old, new in differences(before, after)
    ]


def without_nulls(value: object) -> object:
    if isinstance(value, dict):
        return {key: without_nulls(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [without_nulls(item) for item in value]
    return value
