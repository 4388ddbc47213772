"""Add-ons that run on nodes, their logs, and the snapshots of their volumes."""

from __future__ import annotations

from wiring.cluster import addon
from wiring.rows import Rows
from wiring.wanted import Wanted

# The log groups that the CloudWatch add-on writes to, by its own names for them.
CONTAINER_INSIGHTS = ("application", "dataplane", "host", "performance")


def volume_tag(want: Wanted) -> dict[str, str]:
    return {"snapshots-of-cluster": want.name}


def settings(want: Wanted) -> Rows:
    return {
        **addon(want, "coredns"),
        **addon(want, "metrics-server"),
        # The tag that the snapshot policy below selects: without it nothing is ever saved.
        **addon(
            want, "aws-ebs-csi-driver", {"controller": {"extraVolumeTags": volume_tag(want)}}
        ),
        # No agent in anybody's Deployment unless it is asked for.
        **addon(
            want,
            "amazon-cloudwatch-observability",
            {"manager": {"applicationSignals": {"autoMonitor": {"monitorAllServices": False}}}},
        ),
        **{
            f"log group /aws/containerinsights/{want.name}/{kind}": {
                "name": f"/aws/containerinsights/{want.name}/{kind}",
                "retention_in_days": 90,
            }
            for kind in CONTAINER_INSIGHTS
        },
        f"snapshot policy Volumes of {want.name}": {
            "description": f"Volumes of {want.name}",
            "execution_role_arn": f"role {want.name}-snapshots",
            "state": "ENABLED",
            "policy_details.resource_types": ["VOLUME"],
            "policy_details.target_tags": volume_tag(want),
            "policy_details.schedule.name": "daily",
            "policy_details.schedule.copy_tags": True,  # by which the runbook finds them
            "policy_details.schedule.create_rule.cron_expression": "cron(0 3 * * ? *)",
            "policy_details.schedule.retain_rule.count": want.snapshots,
        },
    }
