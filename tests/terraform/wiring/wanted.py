"""The expected settings of each example of terraform/infra, including the defaults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Wanted:
    """The defaults are those that the documentation states."""

    name: str = "acme-dev"
    account: str = "111122223333"
    zones: tuple[str, ...] = ("eu-west-1a", "eu-west-1b")
    cidr: str = "10.0.0.0/16"
    private: tuple[str, ...] = ("10.0.0.0/18", "10.0.64.0/18")
    public: tuple[str, ...] = ("10.0.192.0/22", "10.0.196.0/22")
    nat_of_each_zone: bool = False
    certificate: str | None = None
    alb_clients: tuple[str, ...] = ("0.0.0.0/0",)
    kubernetes: str = "1.35"
    instance_types: tuple[str, ...] = ("m6i.large",)
    ami_type: str = "AL2023_x86_64_STANDARD"
    min: int = 1
    max: int = 3
    disk: int = 50
    admins: tuple[str, ...] = ("arn:aws:iam::111122223333:role/platform",)
    editors: tuple[str, ...] = ()
    viewers: tuple[str, ...] = ()
    public_cidrs: tuple[str, ...] = ()
    deletion_protection: bool = True
    addon_roles: tuple[str, ...] = ()
    snapshots: int = 14
    snapshot_hours: int = 24
    copied_to: str | None = None
    alarm_topics: tuple[str, ...] = ()
    control_plane_logs: tuple[str, ...] = (
        "api",
        "audit",
        "authenticator",
        "controllerManager",
        "scheduler",
    )
    log_days: int = 365
    container_log_days: int = 90
    addon_versions: Mapping[str, str] = field(default_factory=dict)
    encryption_by_default: bool = True
    further_tags: Mapping[str, str] = field(default_factory=dict)
    existing_vpc: str | None = None
    private_ids: tuple[str, ...] = ()
    public_ids: tuple[str, ...] = ()

    @property
    def region(self) -> str:
        return self.zones[0][:-1]

    @property
    def tags(self) -> dict[str, str]:
        """The tags of all resources."""
        return {**self.further_tags, "cluster": self.name, "managed-by": "terraform"}

    @property
    def vpc(self) -> str:
        """The label in the tables, or the ID of an existing VPC."""
        return self.existing_vpc or "VPC"

    def subnet(self, zone: str) -> str:
        """Returns the private subnet of a zone."""
        if self.private_ids:
            return self.private_ids[self.zones.index(zone)]
        return f"subnet {self.name}-private-{zone}"

    def nat(self, zone: str) -> str:
        """Returns the zone whose NAT gateway a zone uses."""
        return zone if self.nat_of_each_zone else self.zones[0]


EXAMPLES = {
    "default": Wanted(),
    "cheap": Wanted(
        instance_types=("t4g.large",),
        ami_type="AL2023_ARM_64_STANDARD",
        max=2,
        disk=30,
        public_cidrs=("203.0.113.0/24",),
        deletion_protection=False,
        snapshots=3,
    ),
    "ha": Wanted(
        name="acme-prod",
        account="444455556666",
        zones=("eu-west-1a", "eu-west-1b", "eu-west-1c"),
        cidr="10.8.0.0/16",
        private=("10.8.0.0/18", "10.8.64.0/18", "10.8.128.0/18"),
        public=("10.8.192.0/22", "10.8.196.0/22", "10.8.200.0/22"),
        nat_of_each_zone=True,
        certificate="arn:aws:acm:eu-west-1:444455556666:certificate/"
        "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0",
        instance_types=("m7i.xlarge",),
        min=2,
        max=6,
        admins=("arn:aws:iam::444455556666:role/platform",),
        addon_roles=("external-secrets",),
        further_tags={"team": "shop"},
    ),
    "existing-vpc": Wanted(
        cidr="10.20.0.0/16",
        private=("10.20.0.0/20", "10.20.16.0/20"),
        public=("10.20.128.0/24", "10.20.129.0/24"),
        editors=("arn:aws:iam::111122223333:role/developers",),
        viewers=("arn:aws:iam::111122223333:role/on-call",),
        snapshot_hours=6,
        copied_to="eu-central-1",
        alarm_topics=("arn:aws:sns:eu-west-1:111122223333:on-call",),
        control_plane_logs=("audit", "authenticator"),
        log_days=90,
        container_log_days=30,
        addon_versions={"vpc-cni": "v1.21.1-eksbuild.1", "coredns": "v1.12.4-eksbuild.1"},
        encryption_by_default=False,
        further_tags={"team": "shop", "cost-centre": "4711"},
        existing_vpc="vpc-0a1b2c3d4e5f60718",
        private_ids=("subnet-0a1b2c3d4e5f60718", "subnet-18f0e1d2c3b4a5968"),
        public_ids=("subnet-1a1b2c3d4e5f60718", "subnet-28f0e1d2c3b4a5968"),
    ),
}
