"""What a component is: the result of a folder's `instances`, the input of `render`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, TypeAlias

from gitops_gen.model import Path, Pin, Values

TAKEN = frozenset({"bootstrap", "project", "root"})
"""Files and Applications of ours under argocd/<env>/ bear these names, so no component may."""

PodSecurity: TypeAlias = Literal["restricted", "baseline", "privileged"]


@dataclass(frozen=True, slots=True)
class Namespace:
    """A namespace that a component needs. `platform` makes it, once, for all who declare it.

    Two declarations of one name are united: the laxer Pod Security, any flag that is set.
    """

    name: str
    pod_security: PodSecurity = "restricted"
    load_balanced: bool = False
    """Pods in it are ALB targets: the controller injects its readiness gates."""
    holds_data: bool = False
    isolated: bool = False
    """Default-deny NetworkPolicies; every flow is then named by a component's own policy."""


@dataclass(frozen=True, slots=True)
class NamedSecret:
    """A Secret that values name and that must exist in the cluster; never made by a render."""

    namespace: str
    name: str
    keys: tuple[str, ...]
    purpose: str
    password_key: str | None = None
    """The key of a password that nobody has yet, so that any will do; None: only people know."""
    fields: Mapping[str, str] = field(default_factory=dict, hash=False)
    """What its other keys hold, no secrets: user names."""
    revision: int = 1
    """Of the password. Terraform makes a new password whenever this number changes."""


@dataclass(frozen=True, slots=True)
class StoredSecret:
    """An entry of AWS' store that External Secrets copies into the cluster."""

    entry: str
    """Its name or ARN."""
    name: str
    """The Secret that is made of it, in each of `namespaces`."""
    namespaces: tuple[str, ...]
    purpose: str
    password_key: str | None = None
    """As of a NamedSecret: the field of the entry's JSON."""
    revision: int = 1
    """As of a NamedSecret."""
    service: Literal["SecretsManager", "ParameterStore"] = "SecretsManager"
    """The store: Terraform makes entries of Secrets Manager alone."""


@dataclass(frozen=True, slots=True)
class PodRole:
    """An AWS role that the Pods of a ServiceAccount take, by EKS Pod Identity."""

    name: str
    namespace: str
    service_account: str
    policy_arns: tuple[str, ...]
    """Empty where values do not tell what the role may do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddonRole:
    """The AWS role of an add-on's Pods, by EKS Pod Identity, which terraform/infra makes."""

    name: str
    """What follows the cluster's name in the role's; another name is another role."""
    namespace: str
    service_account: str
    aws_policies: tuple[str, ...] = ()
    """Names of policies that AWS maintains."""
    policy: str | None = None
    """A file in terraform/modules/addons with a policy of gitops-gen's own."""
    optional: bool = True
    """Made only where `addon_roles` of terraform/infra names it."""

    @property
    def binding(self) -> str:
        """The reason why an add-on's ServiceAccount keeps its name."""
        pods = f"{self.namespace}/{self.service_account}"
        return f"Terraform binds the AWS role to ServiceAccount {pods}"


@dataclass(frozen=True, slots=True)
class Volume:
    """What a component keeps on disks of its own, and what is lost with them."""

    namespace: str
    claim: str
    size: str
    storage_class: str
    holds: str
    workload: str | None = None
    """Whose Pods stop for a last snapshot; None: it is not worth one."""


class ChartKind:
    """What the rest of the package asks of a chart. A kind of chart overrides what differs."""

    __slots__ = ()

    is_first_party: ClassVar[bool] = False
    """A hand-written chart of this package: it is a part of the umbrella, its output is known to
    be valid YAML, and it protects its data and names its namespaces itself."""
    is_hydrated: ClassVar[bool] = True
    """Helm renders it here, and its manifests are committed. Otherwise Argo CD renders it."""
    values_key: ClassVar[Path] = ("values",)
    """Where the chart's values are in the component's section."""
    sync_options: ClassVar[tuple[str, ...]] = ()
    """What Argo CD's sync needs for a chart of this kind."""

    @property
    def repository_path(self) -> str | None:
        """The folder of a chart that is in the user's repository."""
        return None

    @property
    def application_source(self) -> Values | None:
        """The source of its Application; None where that is the committed manifests."""
        return None


@dataclass(frozen=True, slots=True)
class AwsLoadBalancer:
    """A load balancer that a controller in the cluster makes for a component's objects."""

    name: str
    """For a reader, with an article."""
    protection: str | None = None
    """The key of the values that protects it from deletion, if it is on; None: AWS deletes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AtTeardown:
    """What a component means for the end of its cluster; the package `teardown` reads it."""

    load_balancers: tuple[AwsLoadBalancer, ...] = ()
    """Deleted with the component's Application."""
    controller_tag: str | None = None
    """The tag, with the cluster's name, of what its controller makes in AWS outside of Terraform.
    Nothing else deletes that, so the component stays until the cluster goes."""
    remains: tuple[str, ...] = ()
    """What is outside of the cluster and remains after it, for a reader."""
    reclaim_policies: Mapping[str, str] = field(default_factory=dict, hash=False)
    """The storage classes that it makes, and whether they retain or delete a volume's disk."""


@dataclass(frozen=True, slots=True)
class Subchart(ChartKind):
    """A hand-written chart of this package, rendered as a part of the umbrella.

    `values` are the user's section as it stands plus the key `computed`.
    """

    is_first_party = True
    values_key = ()

    folder: str
    """The component's: the chart is in its chart/, and schema.json becomes values.schema.json."""
    values: Values
    not_for_chart: tuple[tuple[str, ...], ...] = ()
    """Keys of the section that only Terraform reads: the umbrella has them neither in the chart's
    values nor in its schema."""


@dataclass(frozen=True, slots=True)
class UpstreamChart(ChartKind):
    """Delivered as a chart: the Application points at the pin, Argo CD renders it."""

    is_hydrated = False
    # Its CRDs may be larger than the annotation in which client-side apply keeps them.
    sync_options = ("ServerSideApply=true",)

    pin: Pin
    values: Values
    release: str

    @property
    def application_source(self) -> Values:
        helm: Values = {"releaseName": self.release}
        if self.values:
            helm["valuesObject"] = self.values
        return {
            # An OCI registry is written without its scheme: Argo CD knows it by the chart's name.
            "repoURL": self.pin.repository.removeprefix("oci://"),
            "chart": self.pin.chart,
            "targetRevision": self.pin.version,
            "helm": helm,
        }


@dataclass(frozen=True, slots=True)
class RepositoryChart(ChartKind):
    """A chart of the user's own in this repository, hydrated as a release of its own."""

    path: str
    values: Values
    release: str

    @property
    def repository_path(self) -> str:
        return self.path


Source: TypeAlias = Subchart | UpstreamChart | RepositoryChart


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """What has one Argo CD Application of its own.

    `provides` and `requires` are capabilities, for instance "crds:monitoring.coreos.com",
    "database:postgres", "tier:backend". The plan gives each component the lowest wave that
    is at least `wave` and above the waves of all that it requires; a required capability
    that nothing provides is an error at `section`. A declared namespace is required too.
    """

    name: str
    namespace: str
    """The Application's destination and the Helm release's namespace."""
    wave: int
    source: Source
    section: Path
    """The values path it comes from, for messages."""
    provides: frozenset[str] = frozenset()
    requires: frozenset[str] = frozenset()
    namespaces: tuple[Namespace, ...] = ()
    secrets: tuple[NamedSecret, ...] = ()
    stored_secrets: tuple[StoredSecret, ...] = ()
    pod_roles: tuple[PodRole, ...] = ()
    volumes: tuple[Volume, ...] = ()
    at_teardown: AtTeardown = AtTeardown()
    cluster_kinds: frozenset[tuple[str, str]] = frozenset()
    """(group, kind) of its cluster-scoped objects that nobody can tell otherwise: all those of a
    chart that Argo CD renders, and those of a first-party chart that are no kind of Kubernetes'."""
    touches: frozenset[str] = frozenset()
    """Namespaces besides its own that a chart-delivered add-on writes to."""
    create_namespace: Values | None = None
    """Labels for a namespace that Argo CD is to make (one that `platform` never owns)."""
    ignore_differences: tuple[dict[str, Any], ...] = ()
    sync_options: tuple[str, ...] = ()
    """Further sync options of the Application, for instance "SkipDryRunOnMissingResource=true"."""

    @property
    def values_path(self) -> Path:
        """The path of its chart's values in the user's values."""
        return (*self.section, *self.source.values_key)
