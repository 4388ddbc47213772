"""Add-ons that run on nodes, their logs, and the snapshots of their volumes."""

from __future__ import annotations

from wiring.cluster import addon
from wiring.rows import Rows
from wiring.wanted import Wanted

# The log groups of the CloudWatch add-on, by the names that it uses for them.
CONTAINER_INSIGHTS = ("application", "dataplane", "host", "performance")


def volume_tag(want: Wanted) -> dict[str, str]:
    return {"snapshots-of-cluster": want.name}


def settings(want: Wanted) -> Rows:
    return {
        **addon(want, "coredns"),
        **addon(want, "metrics-server"),
        **addon(want, "eks-node-monitoring-agent"),
        # The snapshot policy below selects volumes by this tag; others have no snapshots.
        **addon(
            want,
            "aws-ebs-csi-driver",
            {"controller": {"extraVolumeTags": {**want.tags, **volume_tag(want)}}},
        ),
        # No agent is injected into Deployments without an annotation.
        **addon(
            want,
            "amazon-cloudwatch-observability",
            {"manager": {"applicationSignals": {"autoMonitor": {"monitorAllServices": False}}}},
        ),
        **{
            f"log group /aws/containerinsights/{want.name}/{kind}": {
                "name": f"/aws/containerinsights/{want.name}/{kind}",
                "retention_in_days": want.container_log_days,
            }
            for kind in CONTAINER_INSIGHTS
        },
        f"snapshot policy Volumes of {want.name}": _snapshots(want),
        **_alarms(want),
    }


def _snapshots(want: Wanted) -> dict[str, object]:
    row: dict[str, object] = {
        "description": f"Volumes of {want.name}",
        "execution_role_arn": f"role {want.name}-snapshots",
        "state": "ENABLED",
        "policy_details.resource_types": ["VOLUME"],
        "policy_details.target_tags": volume_tag(want),
        "policy_details.schedule.name": "daily",
        "policy_details.schedule.copy_tags": True,  # the runbook finds snapshots by their tags
        "policy_details.schedule.retain_rule.count": want.snapshots,
    }
    made = {"cron_expression": "cron(0 3 * * ? *)"}
    if want.snapshot_hours != 24:
        made = {"interval": want.snapshot_hours, "interval_unit": "HOURS", "times": ["03:00"]}
    row |= {f"policy_details.schedule.create_rule.{key}": value for key, value in made.items()}
    if want.copied_to:
        copy = {
            "target": want.copied_to,
            "encrypted": True,
            "copy_tags": True,
            "retain_rule.interval": -(-want.snapshots * want.snapshot_hours // 24),
            "retain_rule.interval_unit": "DAYS",
        }
        start = "policy_details.schedule.cross_region_copy_rule"
        row |= {f"{start}.{key}": value for key, value in copy.items()}
    return row


def _alarms(want: Wanted) -> Rows:
    metrics = ["SnapshotsCreateFailed"]
    metrics += ["SnapshotsCopiedRegionFailed"] if want.copied_to else []
    return {
        f"alarm {want.name}-{metric}": {
            "alarm_name": f"{want.name}-{metric}",
            "alarm_description": f"A snapshot of {want.name}'s volumes failed: see "
            "docs/runbook.md.",
            "namespace": "AWS/EBS",
            "metric_name": metric,
            "dimensions": {"DLMPolicyId": f"snapshot policy Volumes of {want.name}"},
            "statistic": "Sum",
            "comparison_operator": "GreaterThanThreshold",
            "threshold": 0,
            "period": 3600,
            "evaluation_periods": 1,
            "treat_missing_data": "notBreaching",  # DLM sends no data if nothing failed
            "alarm_actions": list(want.alarm_topics) or None,
        }
        for metric in metrics
    }
