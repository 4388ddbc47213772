# Snapshots of every volume with the tag. AWS takes them, not the cluster.
module "snapshots_role" {
  source      = "../role"
  name        = "${var.cluster_name}-snapshots"
  service     = "dlm.amazonaws.com"
  account     = local.account.id
  policy_arns = { aws = "arn:${local.account.partition}:iam::aws:policy/service-role/AWSDataLifecycleManagerServiceRole" }
}
resource "aws_dlm_lifecycle_policy" "snapshots" {
  # checkov:skip=CKV_AWS_256:The default EBS key of the other region encrypts the copy. Another key would have to exist there first.
  description        = "Volumes of ${var.cluster_name}"
  execution_role_arn = module.snapshots_role.arn
  state              = var.snapshots_kept > 0 ? "ENABLED" : "DISABLED"
  policy_details {
    resource_types = ["VOLUME"]
    target_tags    = local.volume_tag
    schedule {
      name      = "daily"
      copy_tags = true
      create_rule {
        cron_expression = var.snapshot_hours == 24 ? "cron(0 3 * * ? *)" : null
        interval        = var.snapshot_hours == 24 ? null : var.snapshot_hours
        interval_unit   = var.snapshot_hours == 24 ? null : "HOURS"
        times           = var.snapshot_hours == 24 ? null : ["03:00"]
      }
      retain_rule { count = max(1, var.snapshots_kept) }
      dynamic "cross_region_copy_rule" {
        for_each = var.snapshots_copied_to == null ? [] : [var.snapshots_copied_to]
        content {
          target    = cross_region_copy_rule.value
          encrypted = true
          copy_tags = true
          retain_rule {
            interval      = max(1, ceil(var.snapshots_kept * var.snapshot_hours / 24))
            interval_unit = "DAYS"
          }
        }
      }
    }
  }
}
# If a snapshot fails, the alarm shows it in the console and notifies the topics.
resource "aws_cloudwatch_metric_alarm" "snapshots" {
  for_each            = toset(concat(["SnapshotsCreateFailed"], var.snapshots_copied_to == null ? [] : ["SnapshotsCopiedRegionFailed"]))
  alarm_name          = "${var.cluster_name}-${each.key}"
  alarm_description   = "A snapshot of ${var.cluster_name}'s volumes failed: see docs/runbook.md."
  namespace           = "AWS/EBS"
  metric_name         = each.key
  dimensions          = { DLMPolicyId = aws_dlm_lifecycle_policy.snapshots.id }
  statistic           = "Sum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  period              = 3600
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarm_topic_arns
}
