"""Changes of where requests go."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.changes.context import EnvironmentContext
from gitops_gen.changes.load_balancers import (
    INGRESS,
    SERVICE,
    LoadBalancer,
    LoadBalancerChange,
    ingresses_of_group,
)
from gitops_gen.changes.networks import DIRECTIONS, gained
from gitops_gen.changes.result import (
    Certainty,
    ChangeClass,
    Consequence,
    DifferenceKind,
    ObjectDifference,
)
from gitops_gen.model import ObjectId, Values
from gitops_gen.objects.fields import FieldDifference
from gitops_gen.objects.plain import as_list, as_map, value_at

TRAFFIC = ChangeClass(
    "traffic",
    rank=7,
    title="Requests go elsewhere, or are no longer answered",
    certainty=Certainty.RULE,
    why="Clients use the names, ports, hosts and paths of Services and Ingresses. A client that "
    "uses an old one is no longer answered.",
    remedy="Add the new name, port or path beside the old one, move the clients, and remove the "
    "old one in a later change.",
)
_POLICY = ("networking.k8s.io", "NetworkPolicy")
_SERVICE_FIELDS = {
    "type": "the Service has another type",
    "externalName": "the name leads to another host",
    "sessionAffinity": "a client may reach another Pod than before",
    "externalTrafficPolicy": "other nodes receive the traffic",
    "clusterIP": "the Service has another address",
}
_INGRESS_FIELDS = {
    "ingressClassName": "another controller serves the Ingress",
    "defaultBackend": "requests without a rule go elsewhere",
    "tls": "other certificates or hosts are used for HTTPS",
}
_ALB = "alb.ingress.kubernetes.io"
_ANNOTATIONS = {
    f"{_ALB}/target-type": "the load balancer gets new target groups, which are empty at first",
    f"{_ALB}/listen-ports": "the load balancer listens on other ports",
    f"{_ALB}/ssl-redirect": "requests by HTTP are redirected in another way",
}


def consequences(
    change: ObjectDifference, environment: EnvironmentContext
) -> Iterator[Consequence]:
    kind = change.id.group_kind
    if kind in (SERVICE, INGRESS) and change.removed is not None:
        yield from _removal(change, environment)
    if kind == SERVICE and change.is_update:
        yield from _service(change, environment)
    if kind == INGRESS and change.is_update:
        yield from _ingress(change, environment)
    if change.is_update:
        yield from _addresses(change, environment)
    if kind == _POLICY:
        yield from _policy(change, environment)


def _removal(change: ObjectDifference, environment: EnvironmentContext) -> Iterator[Consequence]:
    item = change.removed
    if item is not None and environment.removal(item).is_deleted:
        renamed = change.kind is DifferenceKind.RENAMED
        instead = "; the new one takes its place" if renamed else ""
        named = change.naming(item)
        yield TRAFFIC.consequence(f"{named} is deleted: its clients get no answer{instead}")


def _service(change: ObjectDifference, environment: EnvironmentContext) -> Iterator[Consequence]:
    for difference in change.fields:
        message = _SERVICE_FIELDS.get(difference.names[1] if len(difference.names) > 1 else "")
        both = difference.before is not None and difference.after is not None
        if message and difference.names[0] == "spec" and both:
            yield TRAFFIC.consequence(message, difference)
    selector = next(change.below("spec", "selector"), None)
    if selector is not None:
        yield TRAFFIC.consequence(_selected(change, environment), selector)
    yield from _ports(change)


def _selected(change: ObjectDifference, environment: EnvironmentContext) -> str:
    found = environment.selected_pods(environment.head, change.id.namespace, change.new)
    if not found:
        return "no workload of this environment has Pods with these labels"
    return f"requests go to the Pods of {', '.join(str(item.id) for item in found)}"


def _ports(change: ObjectDifference) -> Iterator[Consequence]:
    """Yields the ports that clients can no longer use, and those that lead elsewhere."""
    old, new = _by_number(change.old), _by_number(change.new)
    names = {str(port["name"]): number for number, port in new.items() if port.get("name")}
    place = next(change.below("spec", "ports"), None)
    for number, port in old.items():
        name = str(port.get("name") or "")
        if number not in new:
            instead = f": port {name} has the number {names[name][0]} now" if name in names else ""
            message = f"clients of port {number[0]} get no answer{instead}"
            yield TRAFFIC.consequence(message, _of_port(change, number) or place)
        elif port.get("targetPort") != new[number].get("targetPort"):
            message = f"port {number[0]} leads to another port of the Pods"
            yield TRAFFIC.consequence(message, _of_port(change, number) or place)


_Port = tuple[object, object]


def _by_number(value: Values) -> dict[_Port, Values]:
    return {_number(port): port for port in map(as_map, as_list(value_at(value, "spec", "ports")))}


def _number(port: Values) -> _Port:
    number = port.get("port")
    return number if isinstance(number, int) else str(number), str(port.get("protocol", "TCP"))


def _of_port(change: ObjectDifference, number: _Port) -> FieldDifference | None:
    start = f"spec.ports[{number[0]}/{number[1]}]"
    for one in change.fields:
        is_number = one.names == ("spec", "ports", "port") and one.before == number[0]
        if is_number or one.label.startswith(start):
            return one
    return None


def _ingress(change: ObjectDifference, environment: EnvironmentContext) -> Iterator[Consequence]:
    before, after = (set(_routes(value)) for value in (change.old, change.new))
    place = next(change.below("spec", "rules"), None)
    backends = {route[:2]: route[2] for route in after}
    for host, path, backend in sorted(before - after, key=str):
        route = f"{host or 'every host'} {path}"
        if (host, path) in backends:
            text = f"{route} goes to {backends[host, path]} instead of {backend}"
        elif ingress := _other_ingress(change, (host, path), environment):
            text = f"{route} is served by Ingress {ingress.namespace}/{ingress.name} instead"
        else:
            text = f"{route} is no longer served"
        yield TRAFFIC.consequence(text, place)
    for difference in change.fields:
        message = _INGRESS_FIELDS.get(difference.names[1] if len(difference.names) > 1 else "")
        if message and difference.names[0] == "spec":
            yield TRAFFIC.consequence(message, difference)
        annotation = difference.names[-1] if difference.names[:1] == ("metadata",) else ""
        if annotation in _ANNOTATIONS:
            yield TRAFFIC.consequence(_ANNOTATIONS[annotation], difference)


def _other_ingress(
    change: ObjectDifference, route: tuple[str, str], environment: EnvironmentContext
) -> ObjectId | None:
    """The Ingress of the same load balancer that serves a host and path after the change."""
    group = LoadBalancer(change.new, False).group
    for item in ingresses_of_group(group, environment.head, environment).values():
        if item.id != change.id and any(one[:2] == route for one in _routes(item.value)):
            return item.id
    return None


def _addresses(change: ObjectDifference, environment: EnvironmentContext) -> Iterator[Consequence]:
    found = LoadBalancerChange.of(change, environment)
    if found is None or found.before is None or found.after is None:
        return
    if found.before.admitted_only_here(found.after):
        message = "the load balancer no longer admits some addresses"
        yield TRAFFIC.consequence(message, found.networks_place)


def _routes(value: Values) -> Iterator[tuple[str, str, str]]:
    """Yields host, path and backend of each rule."""
    for rule in map(as_map, as_list(value_at(value, "spec", "rules"))):
        for path in map(as_map, as_list(value_at(rule, "http", "paths"))):
            service = as_map(value_at(path, "backend", "service"))
            port = as_map(service.get("port"))
            backend = f"{service.get('name')}:{port.get('name') or port.get('number')}"
            route = f"{path.get('path')} ({path.get('pathType')})"
            yield str(rule.get("host") or ""), route, backend


def _policy(change: ObjectDifference, environment: EnvironmentContext) -> Iterator[Consequence]:
    """Yields what a NetworkPolicy no longer allows."""
    if change.kind is DifferenceKind.ADDED and _selects_running_pods(change, environment):
        types = " and ".join(map(str, as_list(value_at(change.new, "spec", "policyTypes"))))
        message = f"the selected Pods accept only the {types or 'Ingress'} traffic that a policy"
        yield TRAFFIC.consequence(f"{message} allows")
    for direction in DIRECTIONS if change.is_update else ():
        if gained(change.new, change.old, direction):
            places = (*change.below("spec", direction), *change.below("spec", "policyTypes"))
            message = f"the policy no longer allows some {direction} traffic"
            yield TRAFFIC.consequence(message, next(iter(places), None))
    for workload in environment.joining(change) if change.is_update else ():
        message = f"the policy selects the Pods of {workload.id} now: they keep only the traffic"
        place = next(change.below("spec", "podSelector"), None)
        yield TRAFFIC.consequence(f"{message} that a policy allows", place)


def _selects_running_pods(change: ObjectDifference, environment: EnvironmentContext) -> bool:
    """Whether the policy may select Pods of the base. Those of upstream charts are not known."""
    labels = as_map(value_at(change.new, "spec", "podSelector", "matchLabels"))
    namespace = change.id.namespace
    return bool(environment.labelled(environment.base, namespace, labels)) or (
        environment.has_upstream_chart(environment.base, namespace)
    )
