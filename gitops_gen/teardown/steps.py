"""The steps down: what each command must wait for has been waited for before it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from shlex import quote

from gitops_gen.components.types import Volume
from gitops_gen.teardown.facts import Facts

APPLICATIONS = "applications.argoproj.io"
PATIENCE = "--timeout=20m"
LOG_GROUPS_OF = ("eks", "containerinsights", "vpc")


@dataclass(frozen=True, slots=True)
class Step:
    title: str
    why: str
    commands: tuple[str, ...]
    destroys: bool = False
    by_hand: bool = False
    """Not a script's to do: somebody else must agree first, by a review for instance."""
    saves: str = ""
    """What is lost for good by a later step if this one is passed over."""
    loses: bool = False
    """Needs another word than usual if something was not saved."""
    only: str = ""
    """What must hold where it is run; it is part of the word to type."""


def steps(facts: Facts) -> Iterator[Step]:
    yield _look(facts)
    if facts.protected:
        yield _unprotect(facts)
    yield _stop_syncing()
    yield _applications(facts)
    yield _load_balancers(facts)
    for volume in facts.volumes:
        if volume.workload is not None:
            yield _snapshot(facts, volume, volume.workload)
    yield _look_at_volumes()
    yield _data(facts)
    yield _bootstrap(facts)
    yield _infra(facts)
    yield _late_logs(facts)
    yield _what_is_left(facts)


def _look(facts: Facts) -> Step:
    name, region = quote(facts.cluster), quote(facts.region)
    account = 'test "$(aws sts get-caller-identity --query Account --output text)" = '
    output = "terraform -chdir=terraform/infra output -json gitops"
    return Step(
        "Is it this cluster?",
        "A kubeconfig of its own, the account, and the state that Terraform would destroy.",
        (
            *((account + facts.account,) if facts.account else ()),
            "KUBECONFIG=$(mktemp)",
            "export KUBECONFIG",
            f"aws eks update-kubeconfig --region {region} --name {name}",
            f"kubectl -n argocd get {APPLICATIONS}",
            _init("infra", facts),
            f"""{output} | grep -E '"clusterName": *"{facts.cluster}"' > /dev/null""",
        ),
    )


def _init(root: str, facts: Facts) -> str:
    backend = f"-backend-config={facts.name}.backend.hcl"
    return f"terraform -chdir=terraform/{root} init -reconfigure {backend}"


def _unprotect(facts: Facts) -> Step:
    message = f"{facts.name}: its load balancer may be deleted"
    return Step(
        "Let the load balancer be deleted",
        "ingress.deletionProtection is on. Merge this, and wait until Argo CD has synced it.",
        (
            f"gitops-gen set {facts.name} ingress.deletionProtection=false",
            f"gitops-gen render {facts.name}",
            f"git commit --all --message {quote(message)}",
            "git push",
        ),
        by_hand=True,
    )


def _stop_syncing() -> Step:
    return Step(
        "Stop the root Application",
        "It would make again whatever is deleted. It has no finalizer: nothing else goes yet.",
        (f"kubectl -n argocd delete {APPLICATIONS} root --ignore-not-found {PATIENCE}",),
        destroys=True,
    )


def _applications(facts: Facts) -> Step:
    staying = ", ".join(sorted(facts.staying))
    kept = (
        f" What removes load balancers stays until the cluster goes: {staying}." if staying else ""
    )
    delete = f"kubectl -n argocd delete {APPLICATIONS} --ignore-not-found {PATIENCE}"
    return Step(
        "Delete the Applications, the highest wave first",
        f"Each takes its objects with it; namespaces and what holds data stay.{kept}",
        tuple(f"{delete} {' '.join(names)}" for names in facts.waves_down),
        destroys=True,
    )


def _load_balancers(facts: Facts) -> Step:
    """The controller's, and classic ones, which Kubernetes makes for a Service without it."""
    tags = [f"Key=kubernetes.io/cluster/{facts.cluster}"]
    if facts.has_controller:
        tags.insert(0, f"Key=elbv2.k8s.aws/cluster,Values={facts.cluster}")
    find = (
        f"aws resourcegroupstaggingapi get-resources --region {quote(facts.region)} "
        "--resource-type-filters elasticloadbalancing:loadbalancer --tag-filters {} "
        "--query 'ResourceTagMappingList[].ResourceARN' --output text"
    )
    return Step(
        "Wait until no load balancer is left",
        "What they hold in the VPC keeps Terraform from deleting it. One that stays belongs to a "
        "Service or an Ingress that no Application made: delete that.",
        tuple(_until_none(find.format(quote(tag)), "aws") for tag in tags),
    )


def _until_none(find: str, tool: str) -> str:
    """A tool that fails says nothing about what is left."""
    listed = f"left=$({find}) || left='({tool} failed)'"
    return f'while {listed}; [ -n "$left" ]; do echo "still there: $left"; sleep 15; done'


def _snapshot(facts: Facts, volume: Volume, workload: str) -> Step:
    namespace, region = quote(volume.namespace), quote(facts.region)
    bound = (
        f"kubectl -n {namespace} get pvc {volume.claim} --output jsonpath='{{.spec.volumeName}}'"
    )
    # gp2's class is of the time before CSI, and so are its volumes: aws://<zone>/vol-…
    handle = "--output jsonpath='{.spec.csi.volumeHandle}{.spec.awsElasticBlockStore.volumeID}'"
    text = quote(f"{facts.cluster}: the last of {volume.namespace}/{volume.claim}")
    create = f'--volume-id "$volume" --description {text}{_tags(facts)}'
    return Step(
        f"A last snapshot of {volume.holds}",
        "Stopped first, so that the copy is whole. It stays, and costs until it is deleted.",
        (
            f"kubectl -n {namespace} scale {workload} --replicas=0",
            f"kubectl -n {namespace} wait {workload} --for=jsonpath='{{.status.replicas}}'=0 "
            f"{PATIENCE}",
            f'volume=$(kubectl get pv "$({bound})" {handle})',
            "volume=${volume##*/}",
            'test -n "$volume"',
            f"snapshot=$(aws ec2 create-snapshot --region {region} {create} "
            "--query SnapshotId --output text)",
            'echo "the last snapshot is $snapshot"',
            _until_copied(region),
            'test "$state" = completed',
        ),
        destroys=True,
        saves=volume.holds,
    )


def _until_copied(region: str) -> str:
    """AWS' own waiter gives up after ten minutes, which a large volume's first copy outlasts."""
    find = (
        f'aws ec2 describe-snapshots --region {region} --snapshot-ids "$snapshot" '
        "--query 'Snapshots[0].State' --output text"
    )
    asked = f"state=$({find}) || state='(aws failed)'"
    return (
        f'while {asked}; [ "$state" != completed ] && [ "$state" != error ]; '
        'do echo "$snapshot: $state"; sleep 15; done'
    )


def _tags(facts: Facts) -> str:
    tags = facts.environment.get("cluster", "volumeTag", default={})
    pairs = [f"{{Key={key},Value={value}}}" for key, value in tags.items()]
    given = quote(f"ResourceType=snapshot,Tags=[{','.join(pairs)}]")
    return f" --tag-specifications {given}" if pairs else ""


def _look_at_volumes() -> Step:
    """Values know what they ask for now; what they asked for once may hold data as well."""
    return Step(
        "Look at the volumes",
        "All these claims go next. If one without a last snapshot holds what you would miss, of a "
        "chart of your own or of a database that values no longer have, make one first.",
        ("kubectl get persistentvolumeclaims --all-namespaces",),
    )


def _data(facts: Facts) -> Step:
    names = " ".join(facts.data_namespaces)
    namespaces = f"kubectl delete namespace {names} --ignore-not-found {PATIENCE}"
    path = '.items[?(@.spec.persistentVolumeReclaimPolicy=="Delete")].metadata.name'
    find = f"kubectl get persistentvolumes --output jsonpath='{{{path}}}'"
    return Step(
        "Delete the data",
        "While the CSI driver runs: a disk whose cluster has gone is deleted by nobody.",
        (
            *((namespaces,) if names else ()),
            # Those of charts of the user's own outlive their Applications; a claim that a Pod
            # uses is deleted only after the Pod.
            f"kubectl delete statefulsets --all --all-namespaces {PATIENCE}",
            f"kubectl delete persistentvolumeclaims --all --all-namespaces {PATIENCE}",
            _until_none(find, "kubectl"),
        ),
        destroys=True,
        loses=True,
    )


def _bootstrap(facts: Facts) -> Step:
    # The file may be missing, or of an earlier version and lack a variable.
    variables = f"{facts.name}.tfvars.json"
    return Step(
        "Destroy terraform/bootstrap",
        "Argo CD, the tiers' roles, the first passwords.",
        (
            f"gitops-gen terraform-vars {facts.name} --out terraform/bootstrap/{variables}",
            _init("bootstrap", facts),
            f"terraform -chdir=terraform/bootstrap destroy -var-file={variables}",
        ),
        destroys=True,
    )


def _infra(facts: Facts) -> Step:
    given = f"-var-file={facts.name}.tfvars -var=deletion_protection=false"
    # The first apply takes off the protection and nothing else, from this environment's state.
    only = "-target=terraform_data.identity -target=module.cluster.aws_eks_cluster.this"
    return Step(
        "Destroy terraform/infra",
        "The cluster and its VPC. From outside the VPC: end the instance from which you reached "
        "the API server first, and run these commands and those that follow elsewhere.",
        (
            _init("infra", facts),
            f"terraform -chdir=terraform/infra apply {only} {given}",
            f"terraform -chdir=terraform/infra destroy {given}",
        ),
        destroys=True,
        only="from-outside",
    )


def _late_logs(facts: Facts) -> Step:
    """Those that Terraform makes; another service may name its own after the cluster."""
    region, pattern = f"--region {quote(facts.region)}", quote(f"/{facts.cluster}/")
    ours = " || ".join(
        f"starts_with(logGroupName, `/aws/{of}/{facts.cluster}/`)" for of in LOG_GROUPS_OF
    )
    query = quote(f"logGroups[?{ours}].logGroupName")
    find = (
        f"aws logs describe-log-groups {region} --log-group-name-pattern {pattern} "
        f"--query {query} --output text"
    )
    return Step(
        "Delete the log groups that a last message made again",
        "Until they are gone, the next cluster of this name finds their names taken.",
        (
            f"groups=$({find})",
            f'for group in $groups; do aws logs delete-log-group {region} --log-group-name "$group"'
            "; done",
        ),
        destroys=True,
    )


def _what_is_left(facts: Facts) -> Step:
    region, volumes = f"--region {quote(facts.region)}", facts.volume_filter
    groups = quote(f"Name=tag:elbv2.k8s.aws/cluster,Values={facts.cluster}")
    cards = quote(f"Name=tag:cluster.k8s.amazonaws.com/name,Values={facts.cluster}")
    disks = (
        f"aws ec2 describe-volumes {region} --filters {volumes} "
        "--query 'Volumes[].[VolumeId,Size,State]' --output text",
        f"aws ec2 describe-snapshots {region} --filters {volumes} "
        "--query 'Snapshots[].[SnapshotId,VolumeSize,StartTime]' --output text",
    )
    return Step(
        "Look at what is left",
        "What these list costs until somebody deletes it.",
        (
            *(disks if volumes else ()),
            f"aws ec2 describe-security-groups {region} --filters {groups} "
            "--query 'SecurityGroups[].GroupId' --output text",
            f"aws ec2 describe-network-interfaces {region} --filters {cards} "
            "--query 'NetworkInterfaces[].NetworkInterfaceId' --output text",
        ),
    )
