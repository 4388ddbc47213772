"""The component of the Ingress: one ALB for all tiers with a path."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from gitops_gen.components.capabilities import LOAD_BALANCER_CONTROLLER, is_synced
from gitops_gen.components.chart_values import ChartKeys, selected
from gitops_gen.components.ingress.annotations import ingress_annotations
from gitops_gen.components.ingress.protection import protected_by
from gitops_gen.components.ingress.routes import NAME, Run, routes, runs
from gitops_gen.components.types import (
    AtTeardown,
    AwsLoadBalancer,
    Component,
    Namespace,
    Subchart,
)
from gitops_gen.model import Environment, Values, dotted

SECTION = (NAME,)
FOLDER = Path(__file__).resolve().parent
CHART_KEYS: ChartKeys = (("enabled",), ("className",), ("createClass",), ("hosts",))
"""The keys that the templates read. The annotations of the Ingresses follow from the others."""


def instances(environment: Environment, _: tuple[Component, ...]) -> Iterator[Component]:
    ingresses = runs(routes(environment)) if environment.enabled(NAME) else ()
    if not ingresses:
        return
    namespaces = sorted({run.namespace for run in ingresses})
    yield Component(
        name=NAME,
        namespace=namespaces[0],
        wave=30,
        source=Subchart(str(FOLDER), _values(environment, ingresses), CHART_KEYS),
        section=SECTION,
        provides=frozenset({"ingress:alb"}),
        requires=frozenset(_requires(environment, ingresses)),
        namespaces=tuple(Namespace(name, load_balanced=True) for name in namespaces),
        at_teardown=AtTeardown(load_balancers=(_load_balancer(environment),)),
    )


def handed_over(facts: Values) -> Values:
    """Returns the values of its section that are derived from Terraform's facts."""
    values: Values = {"securityGroups": [facts["albSecurityGroup"]]}
    if facts["certificateArn"] is not None:
        values["certificateArn"] = facts["certificateArn"]
    return values


def _load_balancer(environment: Environment) -> AwsLoadBalancer:
    group, scheme = (environment.get(NAME, key) for key in ("groupName", "scheme"))
    protected = protected_by(environment)
    return AwsLoadBalancer(
        f"the load balancer of group '{group}' ({scheme}) and its DNS name",
        dotted(protected) if protected else None,
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
        "ingresses": [_ingress(run) for run in ingresses],
    }
    return {**selected(section, CHART_KEYS), "computed": computed}


def _ingress(run: Run) -> Values:
    return {
        "name": run.name,
        "namespace": run.namespace,
        "order": run.order,
        "paths": [
            {"path": route.path, "service": route.tier, "port": route.port} for route in run.routes
        ],
    }
