"""Rules for scheduled tiers and migrations."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.components.tier import cron
from gitops_gen.components.tier.view import Tier, tiers
from gitops_gen.model import Environment, Finding, Rule

RUNNING_ONLY = ("port", "path", "replicas", "autoscaling", "metrics", "health", "drainSeconds")
SCHEDULED_ONLY = ("timeZone", "job")

MIGRATE_COMMAND = Rule(
    "tier-migrate-command",
    title="A migration has a command",
    why="Without `command` or `args` the migration Job would start the application itself.",
    remedy="Add `command` or `args` to `migrate`, or remove `migrate`.",
)
SCHEDULE = Rule(
    "tier-schedule",
    title="A schedule is valid in Kubernetes",
    why="The API server rejects a CronJob whose schedule it cannot parse.",
    remedy="Write five fields such as `30 3 * * *`, or a word such as `@daily`.",
)
SCHEDULE_CONFLICT = Rule(
    "tier-schedule-conflict",
    title="A tier is either scheduled or runs all the time",
    why="A CronJob has no port, replicas, health checks or draining, and a Deployment has no time "
    "zone or job settings: the key would have no effect.",
    remedy="Remove the key that does not belong to this kind of tier, or add or remove `schedule`.",
)


def findings(environment: Environment) -> Iterator[Finding]:
    for tier in tiers(environment):
        yield from _scheduled(tier) if tier.scheduled else _running(tier)
        migrate = tier.get("migrate")
        if migrate is not None and not (migrate.get("command") or migrate.get("args")):
            message = "has no command; add command or args, or remove it"
            yield tier.finding(MIGRATE_COMMAND, ("migrate",), message)


def _scheduled(tier: Tier) -> Iterator[Finding]:
    if problem := cron.problem(tier.get("schedule")):
        message = f"{problem}; write five fields such as '30 3 * * *', or a word such as @daily"
        yield tier.finding(SCHEDULE, ("schedule",), message)
    for key in RUNNING_ONLY:
        if tier.get(key) is not None and tier.written(key):
            message = (
                "has no effect, because a tier with a schedule is a CronJob; remove one of the two"
            )
            yield tier.finding(SCHEDULE_CONFLICT, (key,), message)


def _running(tier: Tier) -> Iterator[Finding]:
    for key in SCHEDULED_ONLY:
        if tier.get(key) is not None:
            message = "has no effect without a schedule; add schedule, or remove it"
            yield tier.finding(SCHEDULE_CONFLICT, (key,), message)
