"""The way in: one ALB for all tiers with a path."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from gitops_gen.components.capabilities import LOAD_BALANCER_CONTROLLER, is_synced
from gitops_gen.components.ingress.annotations import ingress_annotations
from gitops_gen.components.ingress.routes import NAME, Run, routes, runs
from gitops_gen.components.types import (
    AtTeardown,
    AwsLoadBalancer,
    Component,
    Namespace,
    Subchart,
)
from gitops_gen.model import Environment, Values

SECTION = (NAME,)
FOLDER = Path(__file__).resolve().parent


def instances(environment: Environment, _: tuple[Component, ...]) -> Iterator[Component]:
    ingresses = runs(routes(environment)) if environment.enabled(NAME) else ()
    if not ingresses:
        return
    namespaces = sorted({run.namespace for run in ingresses})
    yield Component(
        name=NAME,
        namespace=namespaces[0],
        wave=30,
        source=Subchart(str(FOLDER), _values(environment, ingresses)),
        section=SECTION,
        provides=frozenset({"ingress:alb"}),
        requires=frozenset(_requires(environment, ingresses)),
        namespaces=tuple(Namespace(name, load_balanced=True) for name in namespaces),
        at_teardown=AtTeardown(load_balancers=(_load_balancer(environment),)),
    )


def handed_over(facts: Values) -> Values:
    """Its values that follow from what Terraform made."""
    values: Values = {"securityGroups": [facts["albSecurityGroup"]]}
    if facts["certificateArn"] is not None:
        values["certificateArn"] = facts["certificateArn"]
    return values


def _load_balancer(environment: Environment) -> AwsLoadBalancer:
    group, scheme = (environment.get(NAME, key) for key in ("groupName", "scheme"))
    protected = environment.get(NAME, "deletionProtection", default=False)
    return AwsLoadBalancer(
        f"the load balancer of group '{group}' ({scheme}) and its DNS name",
        f"{NAME}.deletionProtection" if protected else None,
    )


def _requires(environment: Environment, ingresses: tuple[Run, ...]) -> Iterator[str]:
    if is_synced(environment, LOAD_BALANCER_CONTROLLER):
        yield LOAD_BALANCER_CONTROLLER
    for run in ingresses:
        yield from (f"tier:{route.tier}" for route in run.routes)


def _values(environment: Environment, ingresses: tuple[Run, ...]) -> Values:
    section: Values = environment.get(NAME)
    computed = {
        "name": NAME,
        "partOf": environment.get("cluster", "name"),
        "annotations": ingress_annotations(section),
        # An empty host is any host.
        "hosts": section.get("hosts", [""]),
        "ingresses": [_ingress(run) for run in ingresses],
    }
    return {**section, "computed": computed}


def _ingress(run: Run) -> Values:
    return {
        "name": run.name,
        "namespace": run.namespace,
        "order": run.order,
        "paths": [
            {"path": route.path, "service": route.tier, "port": route.port} for route in run.routes
        ],
    }
