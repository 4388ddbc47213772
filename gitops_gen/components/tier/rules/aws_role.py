"""The AWS role that terraform/bootstrap makes for a tier."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.components.tier.view import Tier
from gitops_gen.model import Finding

LONGEST_ROLE_NAME = 64


def findings(tier: Tier) -> Iterator[Finding]:
    if tier.role_policies:
        yield from _name(tier)
        yield from _policies(tier)


def _name(tier: Tier) -> Iterator[Finding]:
    name = f"{tier.environment.get('cluster', 'name')}-tier-{tier.name}"
    if len(name) > LONGEST_ROLE_NAME:
        message = (
            f"its role would be '{name}', and AWS has names of {LONGEST_ROLE_NAME} characters "
            "at most; shorten the tier's name, or make the role yourself (awsRole: true)"
        )
        yield tier.finding("tier-role-name", ("awsRole",), message, key=True)


def _policies(tier: Tier) -> Iterator[Finding]:
    account = tier.environment.get("cluster", "accountId")
    seen: dict[str, int] = {}
    for number, arn in enumerate(tier.role_policies):
        path = ("awsRole", "policyArns", number)
        owner, name = arn.split(":")[4], arn.rpartition("/")[2]
        if account is not None and owner not in (account, "aws"):
            where = tier.environment.position(("cluster", "accountId"))
            message = f"is of account {owner}, but cluster.accountId is {account} ({where})"
            yield tier.finding("tier-role-policy", path, f"{message}; give one of the cluster's")
        if name in seen:
            first = tier.position("awsRole", "policyArns", seen[name])
            message = f"has the name of another one ({first}); Terraform tells them apart by it"
            yield tier.finding("tier-role-policy", path, f"{message}, so rename one")
        seen.setdefault(name, number)
