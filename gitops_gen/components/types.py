"""The types of a component, which `instances` of a component folder returns for `render`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, TypeAlias

from gitops_gen import yaml
from gitops_gen.components.chart_values import ChartKeys
from gitops_gen.model import Path, Pin, Values

RESERVED_NAMES = frozenset({"bootstrap", "project", "root"})
"""Names of other files and Applications in argocd/<env>/, which no component may have."""

PodSecurity: TypeAlias = Literal["restricted", "baseline", "privileged"]


@dataclass(frozen=True, slots=True)
class Namespace:
    """A namespace that a component needs. `platform` creates it for all components that declare it.

    Declarations of the same name are merged: the less strict Pod Security Standard, and every flag
    that one of them sets.
    """

    name: str
    pod_security: PodSecurity = "restricted"
    load_balanced: bool = False
    """Whether its Pods are ALB targets, into which the controller injects readiness gates."""
    holds_data: bool = False
    isolated: bool = False
    """Whether it has default-deny NetworkPolicies. Policies of components then allow traffic."""


@dataclass(frozen=True, slots=True)
class NamedSecret:
    """A Secret that values reference. It must exist in the cluster and is never rendered."""

    namespace: str
    name: str
    keys: tuple[str, ...]
    purpose: str
    password_key: str | None = None
    """The key of a password that may be generated; None if a person must provide it."""
    fields: Mapping[str, str] = field(default_factory=dict, hash=False)
    """The content of its other keys, which are not secret, such as user names."""
    revision: int = 1
    """The revision of the password. Terraform generates a new one when this number changes."""


@dataclass(frozen=True, slots=True)
class StoredSecret:
    """A secret in AWS that External Secrets copies into the cluster."""

    entry: str
    """The name or ARN of the secret in AWS."""
    name: str
    """The name of the Secret, in each of `namespaces`."""
    namespaces: tuple[str, ...]
    purpose: str
    password_key: str | None = None
    """Like `NamedSecret.password_key`. It is also a field of the JSON object in AWS."""
    revision: int = 1
    """Like `NamedSecret.revision`."""
    service: Literal["SecretsManager", "ParameterStore"] = "SecretsManager"
    """The AWS service; Terraform creates secrets only in Secrets Manager."""


@dataclass(frozen=True, slots=True)
class DeclaredFlow:
    """TCP traffic from Pods of a component that its values imply. NetworkPolicies must allow it."""

    source: Mapping[str, str] = field(hash=False)
    """The labels of the Pods, which are in the namespace of the component."""
    peers: tuple[Values, ...] = field(hash=False)
    """NetworkPolicyPeers, which `network_peers` builds."""
    ports: tuple[int, ...]
    key: Path
    """The path of the values that imply it."""


@dataclass(frozen=True, slots=True)
class PodRole:
    """An IAM role for the Pods of a ServiceAccount, through EKS Pod Identity."""

    name: str
    namespace: str
    service_account: str
    policy_arns: tuple[str, ...]
    """The policies of the role; empty if the values do not contain them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddonRole:
    """The IAM role of an add-on's Pods (EKS Pod Identity), which terraform/infra creates."""

    name: str
    """The suffix of the role's name, after the cluster's name. A change creates another role."""
    namespace: str
    service_account: str
    aws_policies: tuple[str, ...] = ()
    """The names of AWS managed policies."""
    policy: str | None = None
    """The file of an additional policy in terraform/modules/addons."""
    optional: bool = True
    """Whether it is created only if it is listed in `addon_roles` of terraform/infra."""

    @property
    def binding(self) -> str:
        """The reason why the name of the ServiceAccount cannot be changed."""
        pods = f"{self.namespace}/{self.service_account}"
        return f"Terraform binds the IAM role to the ServiceAccount {pods}"


@dataclass(frozen=True, slots=True)
class Volume:
    """A volume of a component, and the data that is lost with it."""

    namespace: str
    claim: str
    size: str
    storage_class: str
    holds: str
    workload: str | None = None
    """The workload that is stopped for a final snapshot; None if no snapshot is needed."""


@dataclass(frozen=True, slots=True)
class PublicField:
    """A field of a Secret that a chart renders, and that contains no secret."""

    object: str
    """The Secret, as `Secret namespace/name`."""
    field: str
    """Its field, as messages print it."""
    reason: str


class ChartKind:
    """The interface of a chart. Each kind of chart overrides what differs."""

    __slots__ = ()

    is_first_party: ClassVar[bool] = False
    """Whether it is a hand-written chart of gitops-gen. Such a chart is a part of the umbrella, its
    output is valid YAML, and its templates protect data and set namespaces."""
    is_hydrated: ClassVar[bool] = True
    """Whether gitops-gen renders it and its manifests are committed. If not, Argo CD renders it."""
    is_upstream: ClassVar[bool] = False
    """Whether it is a chart of another publisher, which the user cannot change."""
    values_key: ClassVar[Path] = ("values",)
    """The path of the chart's values in the section of the component."""
    sync_options: ClassVar[tuple[str, ...]] = ()
    """The sync options that a chart of this kind requires."""

    @property
    def repository_path(self) -> str | None:
        """The folder of the chart in the user's repository; None for other charts."""
        return None

    @property
    def archive(self) -> str | None:
        """The digest of the locked archive from which gitops-gen renders it; None for others."""
        return None

    @property
    def application_source(self) -> Values | None:
        """The source of its Application; None if it is the committed manifests."""
        return None


@dataclass(frozen=True, slots=True)
class AwsLoadBalancer:
    """A load balancer that a controller in the cluster creates for a component."""

    name: str
    """The name in texts, with an article."""
    protection: str | None = None
    """The key of the values that enables deletion protection; None if it is disabled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AtTeardown:
    """Properties of a component that matter when its cluster is destroyed, for `teardown`."""

    load_balancers: tuple[AwsLoadBalancer, ...] = ()
    """The load balancers that are deleted with the component's Application."""
    controller_tag: str | None = None
    """The tag, whose value is the cluster's name, of the AWS resources that its controller creates.
    Only the controller deletes them, so the component is kept until the cluster is destroyed."""
    remains: tuple[str, ...] = ()
    """Texts about resources outside the cluster that remain when it is destroyed."""
    reclaim_policies: Mapping[str, str] = field(default_factory=dict, hash=False)
    """The reclaim policies of its StorageClasses, by name."""


@dataclass(frozen=True, slots=True)
class Subchart(ChartKind):
    """A hand-written chart of gitops-gen, which is a part of the umbrella chart.

    `values` are what its templates read: keys of the section, and the key `computed` with what
    follows from other sections. Each of them changes the output, so that `helm --set` never changes
    a value without an effect.
    """

    is_first_party = True
    values_key = ()

    folder: str
    """The component folder: chart/ is the chart, schema.json becomes values.schema.json."""
    values: Values
    keys: ChartKeys | None = None
    """The keys of the section that the templates read. values.schema.json has only these, and
    `computed`. None if the templates read all keys."""
    effective: ChartKeys | None = None
    """The keys among them that have an effect in this environment; None if all have one."""


@dataclass(frozen=True, slots=True)
class UpstreamChart(ChartKind):
    """A chart that Argo CD downloads and renders: the Application refers to the pinned version."""

    is_hydrated = False
    is_upstream = True
    # CRDs may be too large for the annotation that client-side apply adds.
    sync_options = ("ServerSideApply=true",)

    pin: Pin
    values: Values
    release: str

    @property
    def application_source(self) -> Values:
        helm: Values = {"releaseName": self.release}
        if _contains_null(self.values):
            # The API server removes nulls of `valuesObject`, but not those in a text.
            helm["values"] = yaml.dump(self.values)
        elif self.values:
            helm["valuesObject"] = self.values
        return {
            # Argo CD expects an OCI registry without its scheme, together with `chart`.
            "repoURL": self.pin.repository.removeprefix("oci://"),
            "chart": self.pin.chart,
            "targetRevision": self.pin.version,
            "helm": helm,
        }


def _contains_null(value: object) -> bool:
    if isinstance(value, dict):
        return any(_contains_null(item) for item in value.values())
    if isinstance(value, list):
        return any(_contains_null(item) for item in value)
    return value is None


@dataclass(frozen=True, slots=True)
class RepositoryChart(ChartKind):
    """A chart in the user's repository, which gitops-gen renders as a separate release."""

    path: str
    values: Values
    release: str

    @property
    def repository_path(self) -> str:
        return self.path

    @property
    def shown(self) -> str:
        """The chart in messages."""
        return f"'{self.path}'"


ChartPart: TypeAlias = Literal["crds", "objects", "all"]
"""Which objects of a release a component has: its CRDs, all others, or all."""


@dataclass(frozen=True, slots=True)
class HydratedChart(ChartKind):
    """A locked upstream chart, which gitops-gen renders from its archive as a separate release."""

    is_upstream = True
    # The objects were applied by the server while Argo CD rendered the chart.
    sync_options = ("ServerSideApply=true",)

    pin: Pin
    digest: str
    """The SHA-256 digest of the archive, from charts/upstream/charts.lock."""
    values: Values
    release: str
    part: ChartPart = "all"

    @property
    def archive(self) -> str:
        return self.digest

    @property
    def shown(self) -> str:
        """The chart in messages."""
        return f"{self.pin.chart} {self.pin.version}"


ReleasedChart: TypeAlias = RepositoryChart | HydratedChart
"""A chart that gitops-gen renders as a separate release."""

Source: TypeAlias = Subchart | UpstreamChart | RepositoryChart | HydratedChart


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """A component, which has one Argo CD Application.

    `provides` and `requires` are capabilities, for example "crds:monitoring.coreos.com",
    "database:postgres", "tier:backend". The plan gives each component the lowest sync wave that
    is at least `wave` and higher than the waves of all components that it requires. A required
    capability that no component provides is an error at `section`. A declared namespace is
    required too.
    """

    name: str
    namespace: str
    """The namespace of the Application's destination and of the Helm release."""
    wave: int
    source: Source
    section: Path
    """The path of its section in the values, for messages."""
    provides: frozenset[str] = frozenset()
    requires: frozenset[str] = frozenset()
    namespaces: tuple[Namespace, ...] = ()
    secrets: tuple[NamedSecret, ...] = ()
    stored_secrets: tuple[StoredSecret, ...] = ()
    pod_roles: tuple[PodRole, ...] = ()
    flows: tuple[DeclaredFlow, ...] = ()
    public_fields: tuple[PublicField, ...] = ()
    """Exceptions to the rule that no Secret with data is rendered, as long as it is hydrated."""
    volumes: tuple[Volume, ...] = ()
    at_teardown: AtTeardown = AtTeardown()
    cluster_kinds: frozenset[tuple[str, str]] = frozenset()
    """(group, kind) of its cluster-scoped objects that cannot be determined in another way: all
    kinds of a chart that Argo CD renders, and the custom resources of a first-party chart."""
    touches: frozenset[str] = frozenset()
    """Additional namespaces in which a chart that Argo CD renders creates objects."""
    create_namespace: Values | None = None
    """Labels for a namespace that Argo CD must create (one that `platform` never creates)."""
    ignore_differences: tuple[dict[str, Any], ...] = ()
    sync_options: tuple[str, ...] = ()
    """Additional sync options, for example "SkipDryRunOnMissingResource=true"."""

    @property
    def values_path(self) -> Path:
        """The path of the chart's values in the values of the user."""
        return (*self.section, *self.source.values_key)
