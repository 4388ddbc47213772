mock_provider "aws" {
  mock_data "aws_partition" { defaults = { partition = "aws" } }
  mock_data "aws_region" { defaults = { region = "eu-west-1" } }
  mock_data "aws_caller_identity" { defaults = { account_id = "111122223333" } }
  mock_data "aws_eks_addon_version" { defaults = { version = "v1.0.0-eksbuild.1" } }
}

variables {
  cluster_name       = "acme-dev"
  kubernetes_version = "1.35"
}

run "everything_except_external_secrets" {
  command = plan
  assert {
    condition     = join(" ", output.installed) == "amazon-cloudwatch-observability aws-ebs-csi-driver coredns eks-node-monitoring-agent metrics-server"
    error_message = "Five add-ons."
  }
  assert {
    condition     = keys(module.role) == ["aws-load-balancer-controller", "cloudwatch", "ebs-csi"]
    error_message = "Three roles."
  }
  assert {
    condition     = join(" ", output.roles) == "aws-load-balancer-controller cloudwatch"
    error_message = "Of add-ons that somebody else installs, two."
  }
  assert {
    condition     = jsondecode(aws_eks_addon.this["amazon-cloudwatch-observability"].configuration_values).manager.applicationSignals.autoMonitor.monitorAllServices == false
    error_message = "No agent in anybody's Deployment."
  }
}

run "volumes_have_the_tag_that_snapshots_select" {
  command = plan
  assert {
    condition     = tomap(jsondecode(aws_eks_addon.this["aws-ebs-csi-driver"].configuration_values).controller.extraVolumeTags) == aws_dlm_lifecycle_policy.snapshots.policy_details[0].target_tags
    error_message = "Else nothing is ever saved, without a word."
  }
  assert {
    condition     = aws_dlm_lifecycle_policy.snapshots.policy_details[0].schedule[0].retain_rule[0].count == 14
    error_message = "Two weeks of daily snapshots."
  }
}

run "no_snapshots" {
  command = plan
  variables {
    snapshots_kept = 0
  }
  assert {
    condition     = aws_dlm_lifecycle_policy.snapshots.state == "DISABLED"
    error_message = "The policy stands and does nothing."
  }
}

run "the_former_variable_still_creates_external_secrets_its_role" {
  command = plan
  variables {
    external_secrets = true
  }
  assert {
    condition     = keys(module.role) == ["aws-load-balancer-controller", "cloudwatch", "ebs-csi", "external-secrets"]
    error_message = "A fourth role."
  }
}

run "refuses_a_role_that_no_add_on_declares" {
  command = plan
  variables {
    roles = ["external-secret"]
  }
  expect_failures = [var.roles]
}

run "refuses_a_role_that_is_always_created" {
  command = plan
  variables {
    roles = ["cloudwatch"]
  }
  expect_failures = [var.roles]
}

run "external_secrets_reads_only_secrets_of_its_cluster" {
  command = plan
  variables {
    roles = ["external-secrets"]
  }
  assert {
    condition     = keys(module.role) == ["aws-load-balancer-controller", "cloudwatch", "ebs-csi", "external-secrets"]
    error_message = "A fourth role."
  }
  assert {
    condition     = jsondecode(templatefile("external-secrets.json", { account = local.account, cluster = "acme-dev" })).Statement[0].Resource == "arn:aws:secretsmanager:eu-west-1:111122223333:secret:acme-dev/*"
    error_message = "No other secret of the account."
  }
}

run "refuses_a_negative_number_of_snapshots" {
  command = plan
  variables {
    snapshots_kept = -1
  }
  expect_failures = [var.snapshots_kept]
}

run "refuses_a_fraction_of_a_snapshot" {
  command = plan
  variables {
    snapshots_kept = 1.5
  }
  expect_failures = [var.snapshots_kept]
}

run "refuses_hours_that_do_not_divide_a_day" {
  command = plan
  variables {
    snapshot_hours = 5
  }
  expect_failures = [var.snapshot_hours]
}

run "refuses_an_invalid_topic" {
  command = plan
  variables {
    alarm_topic_arns = ["on-call"]
  }
  expect_failures = [var.alarm_topic_arns]
}

run "refuses_days_that_cloudwatch_does_not_accept" {
  command = plan
  variables {
    log_days = 100
  }
  expect_failures = [var.log_days]
}

run "snapshots_every_six_hours_and_in_another_region" {
  command = plan
  variables {
    snapshot_hours      = 6
    snapshots_copied_to = "eu-central-1"
    alarm_topic_arns    = ["arn:aws:sns:eu-west-1:111122223333:on-call"]
  }
  assert {
    condition     = aws_dlm_lifecycle_policy.snapshots.policy_details[0].schedule[0].create_rule[0].interval == 6 && aws_dlm_lifecycle_policy.snapshots.policy_details[0].schedule[0].create_rule[0].cron_expression == null
    error_message = "An interval, and no hour of the night."
  }
  assert {
    condition     = [for rule in aws_dlm_lifecycle_policy.snapshots.policy_details[0].schedule[0].cross_region_copy_rule : rule.retain_rule[0].interval] == [4]
    error_message = "14 snapshots of six hours are kept for four days."
  }
  assert {
    condition     = keys(aws_cloudwatch_metric_alarm.snapshots) == ["SnapshotsCopiedRegionFailed", "SnapshotsCreateFailed"]
    error_message = "One alarm for each that may fail."
  }
}

run "refuses_an_invalid_version" {
  command = plan
  variables {
    addon_versions = { vpc-cni = "1.21" }
  }
  expect_failures = [var.addon_versions]
}
