"""What is lost for good with a cluster, and what remains in the account after it."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.teardown.facts import ClusterFacts


def lost(facts: ClusterFacts) -> tuple[str, ...]:
    return tuple(_lost(facts))


def remaining(facts: ClusterFacts) -> tuple[str, ...]:
    """What remains costs money until somebody deletes it."""
    return (*_disks(facts), *_snapshots(facts), *_outside(facts))


def _lost(facts: ClusterFacts) -> Iterator[str]:
    for volume in facts.volumes:
        description = f"{volume.holds}: volume {volume.claim} in namespace {volume.namespace}"
        if facts.retained(volume) is not True:
            yield f"{description}, {volume.size} of class {volume.storage_class}"
    for namespace in facts.data_namespaces:
        yield f"namespace {namespace} with all that is in it"
    yield from (resource.name for resource in facts.load_balancers)
    yield "every volume that a chart of your own requested, or that earlier values requested"
    yield "every Secret in the cluster: passwords that Terraform made exist nowhere else"
    yield f"the cluster {facts.name} itself, its VPC, its roles and its log groups"


def _disks(facts: ClusterFacts) -> Iterator[str]:
    for volume in facts.volumes:
        retained = facts.retained(volume)
        disk = f"the disk of {volume.claim} ({volume.size})"
        if retained:
            yield f"{disk}: class {volume.storage_class} retains it"
        elif retained is None:
            yield f"{disk}, if class {volume.storage_class} retains it: values do not say"


def _snapshots(facts: ClusterFacts) -> Iterator[str]:
    if facts.volume_filter is not None:
        yield "snapshots of volumes: nothing deletes old ones any more"
    elif any(volume.workload for volume in facts.volumes):
        yield "the last snapshots, which the steps below make"


def _outside(facts: ClusterFacts) -> Iterator[str]:
    yield from (name for component in facts.components for name in component.at_teardown.remains)
    if any(component.stored_secrets for component in facts.components):
        yield (
            f"entries {facts.name}/… of Secrets Manager: for 30 days, in which nothing else can "
            "take their names"
        )
    yield "the KMS key of the cluster's Secrets: for 30 days"
    yield "Terraform's state, the Git repository, images, certificates, DNS records"
