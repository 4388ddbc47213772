"""Requirements for the charts of first-party components, on which other code relies."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from gitops_gen import yaml
from gitops_gen.components.kinds import CLUSTER_SCOPED
from gitops_gen.components.types import Component, Subchart
from tests.unit.components.first_party.rendering import Object, objects

_DEFINITION = re.compile(r'\{\{-?\s*(?:define|block)\s+"([^"]+)"')


def problems(components: Iterable[Component], scratch: Path) -> list[str]:
    """Yields the problems in the charts of the first-party components."""
    components = tuple(components)
    declared = [namespace for component in components for namespace in component.namespaces]
    isolated = {namespace.name for namespace in declared if namespace.isolated}
    return [
        f"{component.name}: {problem}"
        for component in components
        if isinstance(component.source, Subchart)
        for problem in _problems(component, isolated, scratch)
    ]


def _problems(component: Component, isolated: set[str], scratch: Path) -> Iterator[str]:
    assert isinstance(component.source, Subchart)
    rendered = objects(component, scratch)
    yield from _misnamed_templates(Path(component.source.folder) / "chart")
    yield from _without_namespace(rendered, component)
    yield from _pods_without_policy(rendered, isolated)


def defined_templates(chart: Path) -> set[str]:
    """Returns the named templates that the files of a chart define."""
    files = (file for file in chart.rglob("*") if file.is_file())
    return {name for file in files for name in _DEFINITION.findall(file.read_text())}


def chart_name(chart: Path) -> str:
    file = chart / "Chart.yaml"
    name: str = yaml.parse(file.read_bytes(), str(file)).value["name"]
    return name


def _misnamed_templates(chart: Path) -> Iterator[str]:
    """Named templates must be unique, because all charts of an umbrella share them."""
    prefix = f"{chart_name(chart)}."
    for name in sorted(defined_templates(chart)):
        if not name.startswith(prefix):
            yield (
                f"the template '{name}' must have a name that begins with '{prefix}', the name of "
                "its chart"
            )


def _without_namespace(rendered: list[Object], component: Component) -> Iterator[str]:
    """The scope of a custom resource is unknown unless the component declares it."""
    for item in rendered:
        group = item["apiVersion"].rpartition("/")[0]
        is_cluster_scoped = (group, item["kind"]) in CLUSTER_SCOPED | component.cluster_kinds
        if not is_cluster_scoped and not item["metadata"].get("namespace"):
            what = f"{item['kind']} {item['metadata']['name']}"
            yield f"{what} names no namespace, and its kind is not known to be cluster-scoped"


def _pods_without_policy(rendered: list[Object], isolated: set[str]) -> Iterator[str]:
    """An isolated namespace denies all connections that no NetworkPolicy allows."""
    for item in rendered:
        namespace = item["metadata"].get("namespace")
        pods = _pod_metadata(item)
        if pods is not None and namespace in isolated:
            labels = pods.get("labels", {})
            if not any(_selects(policy, namespace, labels) for policy in rendered):
                what = f"{item['kind']} {namespace}/{item['metadata']['name']}"
                yield (
                    f"no NetworkPolicy of its own selects the Pods of {what}, "
                    "whose namespace is isolated"
                )


def _pod_metadata(item: Object) -> dict[str, Any] | None:
    """Returns the metadata of the Pods that the object is or creates; None without Pods."""
    if item["kind"] == "Pod":
        return dict(item["metadata"])
    spec = item.get("spec", {})
    template = spec.get("jobTemplate", {}).get("spec", spec).get("template")
    return dict(template.get("metadata", {})) if _is_pod_template(template) else None


def _is_pod_template(template: object) -> bool:
    """Returns whether it is a Pod template. Other templates exist, as in an ExternalSecret."""
    return isinstance(template, dict) and "containers" in template.get("spec", {})


def _selects(policy: Object, namespace: str, labels: dict[str, str]) -> bool:
    if policy["kind"] != "NetworkPolicy" or policy["metadata"].get("namespace") != namespace:
        return False
    selector = policy["spec"]["podSelector"]
    assert "matchExpressions" not in selector, "this test cannot read it yet"
    return bool(selector.get("matchLabels", {}).items() <= labels.items())
