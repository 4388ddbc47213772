"""Lists that are compared by the keys of their items."""

from __future__ import annotations

import copy
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from gitops_gen.objects.fields import FieldDifference, differences
from gitops_gen.objects.list_types import Matching, custom_lists, list_types

DEPLOYMENT = ("apps", "Deployment")
SERVICE = ("", "Service")
POLICY = ("networking.k8s.io", "NetworkPolicy")


def pod(**spec: object) -> dict[str, object]:
    return {"spec": {"template": {"spec": spec}}}


def printed(before: object, after: object, kind: tuple[str, str]) -> list[tuple[str, Any, Any]]:
    found = differences(before, after, list_types(kind))
    return [(one.label.removeprefix("spec.template.spec."), *one[1:3]) for one in found]


def test_items_are_matched_by_their_key_wherever_they_are() -> None:
    before = pod(containers=[{"name": "web", "image": "web:1"}, {"name": "proxy", "image": "p:1"}])
    after = pod(containers=[{"name": "log", "image": "l:1"}, {"name": "web", "image": "web:2"}])
    assert printed(before, after, DEPLOYMENT) == [
        ("containers[log]", None, {"name": "log", "image": "l:1"}),
        ("containers[web].image", "web:1", "web:2"),
        ("containers[proxy]", {"name": "proxy", "image": "p:1"}, None),
    ]


def test_the_path_has_the_index_and_the_label_has_the_key() -> None:
    before = {"spec": {"ports": [{"port": 80, "targetPort": 1}]}}
    after = {"spec": {"ports": [{"port": 443}, {"port": 80, "protocol": "TCP", "targetPort": 2}]}}
    added, protocol, target = differences(before, after, list_types(SERVICE))
    assert (str(added.path), added.label) == ("spec.ports[0]", "spec.ports[443/TCP]")
    assert str(protocol.path) == "spec.ports[1].protocol"
    assert (str(target.path), target.label) == (
        "spec.ports[1].targetPort",
        "spec.ports[80/TCP].targetPort",
    )


def test_the_order_of_variables_matters() -> None:
    host, url = {"name": "HOST", "value": "a"}, {"name": "URL", "value": "https://$(HOST)"}
    before = pod(containers=[{"name": "web", "env": [host, url]}])
    after = pod(containers=[{"name": "web", "env": [url, host]}])
    [found] = differences(before, after, list_types(DEPLOYMENT))
    assert found.reordered
    assert (found.label, found.before, found.after) == (
        "spec.template.spec.containers[web].env",
        ["HOST", "URL"],
        ["URL", "HOST"],
    )


def test_the_order_of_ports_of_a_service_does_not_matter() -> None:
    ports = [{"port": 80}, {"port": 443}]
    before, after = {"spec": {"ports": ports}}, {"spec": {"ports": ports[::-1]}}
    assert printed(before, after, SERVICE) == []


def test_any_new_order_in_a_template_matters_because_the_pods_are_replaced() -> None:
    volumes = [{"name": "a", "emptyDir": {}}, {"name": "b", "emptyDir": {}}]
    before, after = pod(volumes=volumes), pod(volumes=volumes[::-1])
    assert printed(before, after, DEPLOYMENT) == [("volumes", ["a", "b"], ["b", "a"])]
    assert printed(before["spec"]["template"], after["spec"]["template"], ("", "Pod")) == []  # type: ignore[index]


def test_a_port_with_another_number_is_matched_by_its_name() -> None:
    before = {"spec": {"ports": [{"name": "http", "port": 80}, {"name": "metrics", "port": 81}]}}
    after = {"spec": {"ports": [{"name": "http", "port": 8080}, {"name": "traces", "port": 82}]}}
    assert printed(before, after, SERVICE) == [
        ("spec.ports[http].port", 80, 8080),
        ("spec.ports[82/TCP]", None, {"name": "traces", "port": 82}),
        ("spec.ports[81/TCP]", {"name": "metrics", "port": 81}, None),
    ]


def test_rules_of_a_policy_are_matched_by_value() -> None:
    one, two = {"from": [{"ipBlock": {"cidr": "10.0.0.0/8"}}]}, {"ports": [{"port": 80}]}
    before, after = {"spec": {"ingress": [one, two]}}, {"spec": {"ingress": [two]}}
    assert printed(before, after, POLICY) == [("spec.ingress[0]", one, None)]


def test_variables_with_the_same_name_are_compared_by_position() -> None:
    before = pod(containers=[{"name": "web", "env": [{"name": "A", "value": "1"}] * 2}])
    after = pod(containers=[{"name": "web", "env": [{"name": "A", "value": "1"}]}])
    [found] = differences(before, after, list_types(DEPLOYMENT))
    assert found.label == "spec.template.spec.containers[web].env"


CRD = {
    "spec": {
        "group": "example.org",
        "names": {"kind": "Shop"},
        "versions": [
            {
                "schema": {
                    "openAPIV3Schema": {
                        "properties": {
                            "spec": {
                                "properties": {
                                    "shelves": {
                                        "x-kubernetes-list-type": "map",
                                        "x-kubernetes-list-map-keys": ["row", "side"],
                                        "items": {"properties": {}},
                                    },
                                    "tags": {"x-kubernetes-list-type": "set", "items": {"a": "b"}},
                                }
                            }
                        }
                    }
                }
            }
        ],
    }
}


def test_the_keys_of_a_custom_resource_come_from_its_definition() -> None:
    custom = custom_lists([CRD])
    lists = list_types(("example.org", "Shop"), custom)
    assert lists.at(("spec", "shelves")).keys == ("row", "side")
    assert lists.at(("spec", "tags")).matching is Matching.BY_VALUE
    assert lists.at(("spec", "elsewhere")).matching is Matching.BY_POSITION


NAMES = st.sampled_from("abcde")
ITEMS = st.lists(
    st.fixed_dictionaries({"name": NAMES}, optional={"image": st.text(max_size=2)}),
    unique_by=lambda item: item["name"],
    max_size=5,
)


def workload(finalizers: list[str], **spec: object) -> dict[str, object]:
    return {**pod(**spec), "metadata": {"finalizers": finalizers}}


TEMPLATES = st.builds(
    workload,
    containers=ITEMS,
    volumes=ITEMS,
    finalizers=st.lists(NAMES, max_size=4),
    nodeSelector=st.dictionaries(NAMES, NAMES, max_size=3),
)


@given(TEMPLATES, TEMPLATES)
def test_the_differences_applied_to_the_base_give_the_head(before: Any, after: Any) -> None:
    lists = list_types(DEPLOYMENT)
    assert list(differences(before, before, lists)) == []
    assert normal(applied(before, list(differences(before, after, lists)))) == normal(after)


@given(TEMPLATES, st.randoms())
def test_without_an_order_to_keep_the_order_of_items_makes_no_difference(
    template: Any, random: Any
) -> None:
    spec = template["spec"]["template"]["spec"]
    shuffled = copy.deepcopy(spec)
    for items in (shuffled["containers"], shuffled["volumes"]):
        random.shuffle(items)
    lists = list_types(("", "Pod"))
    assert list(differences({"spec": spec}, {"spec": shuffled}, lists)) == []


def applied(base: Any, found: list[FieldDifference]) -> Any:
    """The base with all differences, in which the keys of items decide what they are about."""
    result = copy.deepcopy(base)
    for one in found:
        if not one.reordered:
            apply_one(result, one)
    return result


def apply_one(result: Any, one: FieldDifference) -> None:
    keys = dict(one.item_keys)
    *above, last = enumerate(one.path.parts)
    value = result
    for depth, part in above:
        value = item(value, keys[depth]) if depth in keys else child(value, part)
    depth, part = last
    if isinstance(part, str):
        value.pop(part, None) if one.after is None else value.update({part: one.after})
    elif one.before is not None:
        index = [json.dumps(i) for i in value].index(json.dumps(one.before))
        value[index : index + 1] = [] if one.after is None else [one.after]
    else:
        value.append(one.after)


def child(value: Any, part: str | int) -> Any:
    return value.setdefault(part, {}) if isinstance(part, str) else value[part]


def item(value: list[Any], key: str) -> Any:
    return next(one for one in value if one["name"] == key)


def normal(value: Any) -> str:
    """The value without the order of its lists and without empty texts of no meaning."""
    if isinstance(value, list):
        return json.dumps(sorted(normal(one) for one in value))
    if isinstance(value, dict):
        return json.dumps({key: normal(one) for key, one in sorted(value.items())})
    return json.dumps(value)
