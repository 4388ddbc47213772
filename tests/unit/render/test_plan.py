"""Waves: whatever a component requires comes before it."""

from __future__ import annotations

from collections.abc import Iterable
from types import SimpleNamespace
from typing import cast

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from gitops_gen.components import ComponentModule, Folder, catalogue
from gitops_gen.components.types import Component, Namespace, RepositoryChart
from gitops_gen.errors import InvalidInput
from gitops_gen.inputs import Loader
from gitops_gen.model import Environment, Mark, Path, Position
from gitops_gen.render.plan.plan import Planned, plan
from gitops_gen.revisions import WorkTree
from tests.repository import ROOT, VARIATIONS, Repository

NAMES = "abcdefgh"


def component(
    name: str,
    wave: int = 0,
    requires: Iterable[str] = (),
    provides: Iterable[str] = (),
    namespaces: Iterable[str] = (),
) -> Component:
    return Component(
        name=name,
        namespace="default",
        wave=wave,
        source=RepositoryChart(f"charts/{name}", {}, name),
        section=("addons", name),
        requires=frozenset(requires),
        provides=frozenset(provides),
        namespaces=tuple(Namespace(n) for n in namespaces),
    )


def environment() -> Environment:
    """In which each add-on has a line of its own."""
    places = [Position("values/dev.yaml", line, 3) for line in range(1, len(NAMES) + 1)]
    marks: dict[Path, Mark] = {
        ("addons", key): Mark(at, at) for key, at in zip(NAMES, places, strict=True)
    }
    return Environment("dev", {}, marks, "values/dev.yaml")


def planned(*components: Component) -> dict[str, int]:
    module = SimpleNamespace(SECTION=(), instances=lambda environment, planned: components)
    found = plan(environment(), [Folder("all", cast(ComponentModule, module))])
    return {item.component.name: item.wave for item in found}


def refused(*components: Component) -> list[str]:
    with pytest.raises(InvalidInput) as error:
        planned(*components)
    return [str(finding) for finding in error.value.findings]


def test_a_component_keeps_its_own_wave_where_nothing_comes_before_it() -> None:
    assert planned(component("b", 20), component("a", -10)) == {"a": -10, "b": 20}


def test_it_is_raised_above_what_it_requires() -> None:
    assert planned(
        component("c", 5, requires=["y"]),
        component("b", 0, requires=["x"], provides=["y"]),
        component("a", 7, provides=["x"]),
    ) == {"a": 7, "b": 8, "c": 9}


def test_of_several_that_provide_a_thing_all_come_before_it() -> None:
    waves = planned(
        component("a", 3, provides=["x"]),
        component("b", 9, provides=["x"]),
        component("c", 1, requires=["x"]),
        component("d", 1, provides=["x"]),
    )
    assert waves["c"] == 10


def test_a_namespace_comes_before_what_is_in_it_if_a_component_makes_it() -> None:
    waves = planned(
        component("a", 4, provides=["namespace:app"]),
        component("b", 0, namespaces=["app", "kube-system"]),
    )
    assert waves == {"a": 4, "b": 5}


def test_nobody_waits_for_himself() -> None:
    assert planned(component("a", 1, requires=["x"], provides=["x"])) == {"a": 1}


def test_a_chain_of_any_length() -> None:
    chain = [
        component(f"n{n}", 0, requires=[f"n{n - 1}"] if n else (), provides=[f"n{n}"])
        for n in reversed(range(3000))
    ]
    assert planned(*chain)["n2999"] == 2999


def test_what_nothing_provides_is_named_with_all_who_need_it() -> None:
    assert refused(component("b", requires=["x"]), component("a", requires=["x", "y"])) == [
        "values/dev.yaml:2:3: addons.b: "
        "needs x, as a does too, which nothing in this environment can provide; switch it off",
        "values/dev.yaml:1:3: addons.a: "
        "needs y, which nothing in this environment can provide; switch it off",
    ]


def test_a_circle_is_shown_in_the_order_of_needing() -> None:
    assert refused(
        component("d"),
        component("c", requires=["a"], provides=["c"]),
        component("b", requires=["c"], provides=["b"]),
        component("a", requires=["b"], provides=["a"]),
    ) == [
        "values/dev.yaml:1:3: addons.a: "
        "these need each other, so none can come first: a -> b -> c -> a"
    ]


def test_two_of_one_name() -> None:
    assert refused(component("a"), component("a")) == [
        "values/dev.yaml:1:3: addons.a: the name 'a' is taken by addons.a; choose another"
    ]


@pytest.mark.parametrize("name", ["project", "root", "bootstrap"])
def test_a_name_of_the_generator_s_own(name: str) -> None:
    [line] = refused(component(name))
    assert f"the name '{name}' is taken by the generator itself; choose another" in line


capabilities = st.frozensets(st.sampled_from("uvwxyz"), max_size=3)
drawn = st.lists(
    st.builds(
        component,
        st.sampled_from(NAMES),
        st.integers(-5, 5),
        capabilities,
        capabilities,
    ),
    max_size=8,
    unique_by=lambda item: item.name,
)


@given(drawn)
def test_waves_hold_for_every_requirement_or_it_is_said_why_not(items: list[Component]) -> None:
    try:
        waves = planned(*items)
    except InvalidInput as error:
        rules = {finding.rule.id for finding in error.findings}
        event(f"refused: {sorted(rules)}")
        if rules - {"requirement", "requirement-circle"}:
            raise
        return
    assert_in_order([Planned(item, waves[item.name]) for item in items])
    assert waves == planned(*reversed(items))


def assert_in_order(items: Iterable[Planned]) -> None:
    items = list(items)
    for item in items:
        assert item.wave >= item.component.wave
        needed = item.component.requires - item.component.provides
        for provider in items:
            if needed & provider.component.provides:
                assert provider.wave < item.wave


@pytest.mark.parametrize("name", ["dev", "prod", *(file.stem for file in VARIATIONS)])
def test_waves_hold_in_real_environments(name: str, variations: Repository) -> None:
    root = ROOT if name in ("dev", "prod") else variations.root
    loaded = Loader(WorkTree(str(root)), catalogue()).load(name)
    found = plan(loaded.environment, catalogue())
    assert_in_order(found)
    assert [item.wave for item in found] == sorted(item.wave for item in found)
    provided = {capability for item in found for capability in item.component.provides}
    for item in found:
        assert item.component.requires <= provided
        for namespace in item.component.namespaces:
            if f"namespace:{namespace.name}" in provided:
                platform = next(p for p in found if p.component.name == "platform")
                assert platform is item or platform.wave < item.wave
