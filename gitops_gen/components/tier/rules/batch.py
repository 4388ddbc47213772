"""Scheduled tiers and migrations."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.components.tier import cron
from gitops_gen.components.tier.view import Tier
from gitops_gen.model import Finding

RUNNING_ONLY = ("port", "path", "replicas", "autoscaling", "metrics", "health", "drainSeconds")
SCHEDULED_ONLY = ("timeZone", "job")


def findings(tier: Tier) -> Iterator[Finding]:
    yield from _scheduled(tier) if tier.scheduled else _running(tier)
    migrate = tier.get("migrate")
    if migrate is not None and not (migrate.get("command") or migrate.get("args")):
        message = "names nothing to run; add command or args, or remove it"
        yield tier.finding("tier-migrate-command", ("migrate",), message)


def _scheduled(tier: Tier) -> Iterator[Finding]:
    if problem := cron.problem(tier.get("schedule")):
        message = f"{problem}; write five fields such as '30 3 * * *', or a word such as @daily"
        yield tier.finding("tier-schedule", ("schedule",), message)
    for key in RUNNING_ONLY:
        if tier.get(key) is not None and tier.written(key):
            message = "means nothing to a tier with a schedule, a CronJob; remove one of the two"
            yield tier.finding("tier-schedule-conflict", (key,), message)


def _running(tier: Tier) -> Iterator[Finding]:
    for key in SCHEDULED_ONLY:
        if tier.get(key) is not None:
            message = "means nothing without a schedule; add the schedule, or remove it"
            yield tier.finding("tier-schedule-conflict", (key,), message)
