"""Rules for the IAM role that terraform/bootstrap creates for a tier."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.components.tier.view import Tier, tiers
from gitops_gen.model import Environment, Finding, Related, Rule, Severity

LONGEST_ROLE_NAME = 64

ROLE_NAME = Rule(
    "tier-role-name",
    title="The name of a tier's IAM role has at most 64 characters",
    why="Terraform names the role after the cluster and the tier, and AWS rejects longer names.",
    remedy="Shorten the tier's name, or create the role yourself and write `awsRole: true`.",
)
ROLE_ACCOUNT = Rule(
    "tier-role-policy",
    title="The policies of a tier's IAM role are AWS managed or belong to the cluster's account",
    why="AWS cannot attach a policy of another account to a role.",
    remedy="Use a policy of the account in `cluster.accountId`.",
)
ROLE_POLICY_NAME = Rule(
    "tier-role-policy-name",
    title="The policies of a tier's role have different names",
    why="Terraform identifies each attached policy by its name.",
    remedy="Rename one of the policies.",
)


NO_EGRESS = Rule(
    "tier-role-egress",
    title="A tier with an IAM role can reach AWS",
    why="The NetworkPolicy of a tier denies all traffic that the values do not allow, so that a "
    "role alone reaches no AWS service.",
    remedy="Allow port 443 in `egress` to the VPC endpoints or to 0.0.0.0/0. If the tier reaches "
    "AWS in another way, excuse the finding.",
    severity=Severity.WARNING,
    excusable=True,
)
HTTPS = 443


def findings(environment: Environment) -> Iterator[Finding]:
    for tier in tiers(environment):
        if tier.get("awsRole") and not _reaches_aws(tier):
            message = (
                "the role is of no use without egress on port 443, which no entry of egress "
                "allows; add the VPC endpoints, or 0.0.0.0/0"
            )
            yield tier.finding(NO_EGRESS, ("awsRole",), message, key=True)
        if tier.role_policies:
            yield from _name(tier)
            yield from _policies(tier)


def _reaches_aws(tier: Tier) -> bool:
    return any(HTTPS in outside["ports"] for outside in tier.get("egress", default=[]))


def _name(tier: Tier) -> Iterator[Finding]:
    name = f"{tier.environment.get('cluster', 'name')}-tier-{tier.name}"
    if len(name) > LONGEST_ROLE_NAME:
        message = (
            f"the IAM role would be named '{name}', which has more than {LONGEST_ROLE_NAME} "
            "characters; shorten the tier's name, or create the role yourself (awsRole: true)"
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
            message = f"belongs to account {owner}, but cluster.accountId is {account} ({where})"
            related = (Related(where, "the cluster's account"),)
            advice = "; use one that belongs to the account of the cluster"
            yield tier.finding(ROLE_ACCOUNT, path, message + advice, related=related)
        if name in seen:
            first = tier.position("awsRole", "policyArns", seen[name])
            message = (
                f"has the same name as another policy ({first}), and Terraform identifies policies "
                "by their names"
            )
            related = (Related(first, "the policy with the same name"),)
            yield tier.finding(ROLE_POLICY_NAME, path, f"{message}; rename one", related=related)
        seen.setdefault(name, number)
