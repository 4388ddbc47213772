"""What is permanently lost with a cluster, and what remains in the AWS account."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.teardown.facts import ClusterFacts


def lost(facts: ClusterFacts) -> tuple[str, ...]:
    return tuple(_lost(facts))


def remaining(facts: ClusterFacts) -> tuple[str, ...]:
    """Returns what remains in the account, where it costs money until it is deleted."""
    return (*_disks(facts), *_snapshots(facts), *_outside(facts))


def _lost(facts: ClusterFacts) -> Iterator[str]:
    for volume in facts.volumes:
        description = f"{volume.holds}: volume {volume.claim} in namespace {volume.namespace}"
        if facts.retained(volume) is not True:
            yield f"{description}, {volume.size}, StorageClass {volume.storage_class}"
    for namespace in facts.data_namespaces:
        yield f"the namespace {namespace} with all objects in it"
    yield from (resource.name for resource in facts.load_balancers)
    yield "all other volumes, such as those of your own charts and of earlier values"
    yield "all Secrets in the cluster; passwords that Terraform generated exist nowhere else"
    yield f"the cluster {facts.name} itself, its VPC, its IAM roles and its log groups"


def _disks(facts: ClusterFacts) -> Iterator[str]:
    for volume in facts.volumes:
        retained = facts.retained(volume)
        disk = f"the disk of {volume.claim} ({volume.size})"
        if retained:
            yield f"{disk}: the StorageClass {volume.storage_class} retains it"
        elif retained is None:
            storage_class = f"the StorageClass {volume.storage_class}, which is not in the values,"
            yield f"{disk}, if {storage_class} retains it"


def _snapshots(facts: ClusterFacts) -> Iterator[str]:
    if facts.volume_filter is not None:
        yield "snapshots of volumes: old snapshots are no longer deleted automatically"
    elif any(volume.workload for volume in facts.volumes):
        yield "the last snapshots, which the steps below create"


def _outside(facts: ClusterFacts) -> Iterator[str]:
    yield from (name for component in facts.components for name in component.at_teardown.remains)
    if any(component.stored_secrets for component in facts.components):
        yield (
            f"the secrets {facts.name}/… in AWS Secrets Manager: for 30 days, in which their names "
            "cannot be used again"
        )
    yield "the KMS key that encrypts the cluster's Secrets: for 30 days"
    yield "the Terraform state, the Git repository, images, certificates and DNS records"
