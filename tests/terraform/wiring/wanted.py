"""What each example of terraform/infra asks for, defaults included, written down a second time."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wanted:
    """The defaults here are those that the documentation promises."""

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
    public_cidrs: tuple[str, ...] = ()
    deletion_protection: bool = True
    addon_roles: tuple[str, ...] = ()
    snapshots: int = 14

    @property
    def region(self) -> str:
        return self.zones[0][:-1]

    def nat(self, zone: str) -> str:
        """The zone whose NAT gateway a zone uses."""
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
    ),
}
