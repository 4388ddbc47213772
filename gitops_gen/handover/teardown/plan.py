"""An environment -> what its cluster loses, what stays behind, and the commands in order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gitops_gen.handover.teardown.facts import Facts
from gitops_gen.handover.teardown.steps import Step, steps
from gitops_gen.model import Environment
from gitops_gen.render.plan.plan import Planned

__all__ = ["Step", "Teardown", "teardown"]


@dataclass(frozen=True, slots=True)
class Teardown:
    environment: str
    cluster: str
    region: str
    account: str | None
    lost: tuple[str, ...]
    stays: tuple[str, ...]
    """In the account, and costs money until somebody deletes it."""
    steps: tuple[Step, ...]


def teardown(environment: Environment, planned: Sequence[Planned]) -> Teardown:
    facts = Facts(environment, planned)
    return Teardown(
        facts.name,
        facts.cluster,
        facts.region,
        facts.account,
        tuple(_lost(facts)),
        tuple(_stays(facts)),
        tuple(steps(facts)),
    )


def _lost(facts: Facts) -> Iterator[str]:
    for volume in facts.volumes:
        what = f"{volume.holds}: volume {volume.claim} in namespace {volume.namespace}"
        if facts.retained(volume) is not True:
            yield f"{what}, {volume.size} of class {volume.storage_class}"
    for namespace in facts.data_namespaces:
        yield f"namespace {namespace} with all that is in it"
    if facts.has_load_balancer:
        group = facts.environment.get("ingress", "groupName")
        scheme = facts.environment.get("ingress", "scheme")
        yield f"the load balancer of group '{group}' ({scheme}) and its DNS name"
    yield "every volume that a chart of your own asked for, or values that were changed since"
    yield "every Secret in the cluster: passwords that Terraform made exist nowhere else"
    yield f"the cluster {facts.cluster} itself, its VPC, its roles and its log groups"


def _stays(facts: Facts) -> Iterator[str]:
    for volume in facts.volumes:
        retained = facts.retained(volume)
        what = f"the disk of {volume.claim} ({volume.size})"
        if retained:
            yield f"{what}: class {volume.storage_class} retains it"
        elif retained is None:
            yield f"{what}, if class {volume.storage_class} retains it: values do not say"
    if facts.volume_filter is not None:
        yield "snapshots of volumes: nobody deletes old ones any more"
    elif any(volume.workload for volume in facts.volumes):
        yield "the last snapshots that are made on the way"
    yield from _elsewhere(facts)


def _elsewhere(facts: Facts) -> Iterator[str]:
    host = facts.environment.get("postgres", "external", "host")
    if host and facts.environment.enabled("postgres"):
        yield f"the external database {host}"
    if any(component.stored_secrets for component in facts.components):
        yield f"entries {facts.cluster}/… of Secrets Manager: 30 days, and their names are taken"
    yield "the key of the cluster's Secrets in KMS: 30 days"
    yield "Terraform's state, the Git repository, images, certificates, DNS records"
