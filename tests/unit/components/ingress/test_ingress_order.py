"""For any paths and namespaces of tiers, a request is routed to the longest matching path."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gitops_gen.components.ingress.routes import Route, runs, sorted_routes

PATHS = st.lists(
    st.lists(st.sampled_from(["a", "b", "api", "v2"]), max_size=3).map(lambda p: "/" + "/".join(p)),
    unique=True,
    min_size=1,
    max_size=12,
)


@given(paths=PATHS, namespaces=st.lists(st.sampled_from("xyz"), min_size=12, max_size=12))
def test_the_longest_path_wins_across_namespaces(paths: list[str], namespaces: list[str]) -> None:
    found = [Route(f"t{i}", namespaces[i], path, 80) for i, path in enumerate(paths)]
    made = runs(sorted_routes(found))
    in_order = [route for run in sorted(made, key=lambda run: run.order) for route in run.routes]
    lengths = [len(route.path.rstrip("/")) for route in in_order]
    assert lengths == sorted(lengths, reverse=True)
    assert sorted(in_order, key=lambda route: route.tier) == sorted(found, key=lambda r: r.tier)
    assert all({route.namespace for route in run.routes} == {run.namespace} for run in made)
    assert len({(run.namespace, run.name) for run in made}) == len(made)
    assert len({run.order for run in made}) == len(made)
