"""Rules for the attributes of the load balancer, and for its deletion protection."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.components.ingress.protection import ATTRIBUTE, protected_by
from gitops_gen.components.ingress.routes import NAME, routes
from gitops_gen.components.load_balancer_attributes import (
    LOAD_BALANCER,
    TARGET_GROUP,
    unknown,
    value_problem,
)
from gitops_gen.model import Environment, Finding, Path, Related, Rule, dotted

ATTRIBUTE_VALUE = Rule(
    "ingress-attribute",
    title="The load balancer's attributes exist and have values that AWS accepts",
    why="The controller cannot configure the load balancer if AWS refuses one attribute. Then no "
    "other change reaches the load balancer either.",
    remedy="Correct the name or the value. Attributes of a target group belong to "
    "`targetGroupAttributes` of a tier.",
)
ATTRIBUTE_TWICE = Rule(
    "ingress-attribute-twice",
    title="A property of the load balancer is set in one place",
    why="An attribute takes precedence over the key for the same property, which then has no "
    "effect.",
    remedy="Remove one of the two.",
)
PROTECTED = Rule(
    "ingress-protected",
    title="An Ingress is not removed while its load balancer is protected from deletion",
    why="The AWS Load Balancer Controller does not delete a load balancer with deletion "
    "protection, and the Ingress keeps its finalizer, so its deletion never ends.",
    remedy="First set `ingress.deletionProtection: false`, merge it and wait until Argo CD has "
    "synced it. Then set `ingress.enabled: false`, or remove the last tier with a path.",
)
_KEYS: dict[str, Path] = {
    ATTRIBUTE: ("deletionProtection",),
    "idle_timeout.timeout_seconds": ("idleTimeoutSeconds",),
    "access_logs.s3.enabled": ("accessLogs",),
    "access_logs.s3.bucket": ("accessLogs", "bucket"),
    "access_logs.s3.prefix": ("accessLogs", "prefix"),
}
"""The keys of the section that set an attribute too."""


def findings(environment: Environment) -> Iterator[Finding]:
    if environment.enabled(NAME):
        yield from _attributes(environment)
    if (path := protected_by(environment)) and (end := _end(environment)):
        text = (
            "the controller does not delete a protected load balancer, so the Ingress would "
            f"never be deleted; first set {dotted(path)} to false and let Argo CD sync it, "
            f"then {end}"
        )
        yield environment.finding(PROTECTED, path, text)


def _end(environment: Environment) -> str | None:
    """Returns the change because of which no Ingress is rendered; None if one is rendered."""
    if not environment.enabled(NAME):
        return f"set {NAME}.enabled to false"
    return None if routes(environment) else "remove the last tier with a path"


def _attributes(environment: Environment) -> Iterator[Finding]:
    attributes = environment.get(NAME, "attributes", default={})
    for name in attributes:
        path = (NAME, "attributes", name)
        if name not in LOAD_BALANCER:
            yield environment.finding(ATTRIBUTE_VALUE, path, _unknown(name), key=True)
        elif problem := value_problem(name, attributes, LOAD_BALANCER[name]):
            yield environment.finding(ATTRIBUTE_VALUE, path, problem)
        yield from _twice(environment, name, path)


def _unknown(name: str) -> str:
    if name in TARGET_GROUP:
        return "is an attribute of a target group; move it to targetGroupAttributes of a tier"
    return unknown(name, LOAD_BALANCER, "an ALB")


def _twice(environment: Environment, name: str, path: Path) -> Iterator[Finding]:
    key = (NAME, *_KEYS[name]) if name in _KEYS else None
    if key is not None and environment.written(*key):
        place = environment.position(key, key=True)
        text = f"{dotted(key)} ({place}) sets the same property; remove one of the two"
        related = (Related(place, "the key for the same property"),)
        yield environment.finding(ATTRIBUTE_TWICE, path, text, key=True, related=related)
