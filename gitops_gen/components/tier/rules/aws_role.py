"""The AWS role that terraform/bootstrap makes for a tier."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.components.tier.view import Tier, tiers
from gitops_gen.model import Environment, Finding, Related, Rule

LONGEST_ROLE_NAME = 64

ROLE_NAME = Rule(
    "tier-role-name",
    title="The name of a tier's AWS role fits into 64 characters",
    why="Terraform names the role after the cluster and the tier, and AWS refuses longer names.",
    remedy="Shorten the tier's name, or make the role yourself and write `awsRole: true`.",
)
ROLE_ACCOUNT = Rule(
    "tier-role-policy",
    title="A tier's role gets policies of AWS or of the cluster's own account",
    why="AWS cannot attach a policy of another account to a role.",
    remedy="Name a policy of the account that `cluster.accountId` states.",
)
ROLE_POLICY_NAME = Rule(
    "tier-role-policy-name",
    title="The policies of a tier's role have different names",
    why="Terraform identifies each attached policy by its name.",
    remedy="Rename one of the policies.",
)


def findings(environment: Environment) -> Iterator[Finding]:
    for tier in tiers(environment):
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
        yield tier.finding(ROLE_NAME, ("awsRole",), message, key=True)


def _policies(tier: Tier) -> Iterator[Finding]:
    account = tier.environment.get("cluster", "accountId")
    seen: dict[str, int] = {}
    for number, arn in enumerate(tier.role_policies):
        path = ("awsRole", "policyArns", number)
        owner, name = arn.split(":")[4], arn.rpartition("/")[2]
        if account is not None and owner not in (account, "aws"):
            where = tier.environment.position(("cluster", "accountId"))
            message = f"is of account {owner}, but cluster.accountId is {account} ({where})"
            related = (Related(where, "the cluster's account"),)
            advice = "; give one of the cluster's"
            yield tier.finding(ROLE_ACCOUNT, path, message + advice, related=related)
        if name in seen:
            first = tier.position("awsRole", "policyArns", seen[name])
            message = f"has the name of another one ({first}); Terraform tells them apart by it"
            related = (Related(first, "the policy with the same name"),)
            yield tier.finding(ROLE_POLICY_NAME, path, f"{message}, so rename one", related=related)
        seen.setdefault(name, number)
