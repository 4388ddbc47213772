mock_provider "aws" {
  mock_data "aws_partition" { defaults = { partition = "aws" } }
  mock_data "aws_region" { defaults = { region = "eu-west-1" } }
  mock_data "aws_caller_identity" { defaults = { account_id = "111122223333" } }
  mock_data "aws_eks_addon_version" { defaults = { version = "v1.0.0-eksbuild.1" } }
}

variables {
  account_id = "111122223333"
  region     = "eu-west-1"
  name       = "acme-dev"
  vpc        = { zones = ["eu-west-1a", "eu-west-1b"] }
  access     = { admin_arns = ["arn:aws:iam::111122223333:role/platform"] }
}

run "refuses_an_account_without_its_leading_zeros" {
  command = plan
  variables {
    account_id = "1234567"
  }
  expect_failures = [var.account_id]
}

run "refuses_zones_of_another_region" {
  command = plan
  variables {
    vpc = { zones = ["eu-west-2a", "eu-west-2b"] }
  }
  expect_failures = [var.vpc]
}

run "refuses_one_zone" {
  command = plan
  variables {
    vpc = { zones = ["eu-west-1a"] }
  }
  expect_failures = [var.vpc]
}

run "refuses_a_certificate_of_another_region" {
  command = plan
  variables {
    alb = { certificate_arn = "arn:aws:acm:us-east-1:111122223333:certificate/0f1e2d3c" }
  }
  expect_failures = [var.alb]
}

run "refuses_a_name_in_capitals" {
  command = plan
  variables {
    name = "Acme"
  }
  expect_failures = [var.name]
}

run "refuses_a_new_vpc_with_subnets_of_another" {
  command = plan
  variables {
    vpc = { zones = ["eu-west-1a", "eu-west-1b"], private_subnets = { eu-west-1a = "subnet-1" } }
  }
  expect_failures = [var.vpc]
}

run "refuses_a_copy_in_the_same_region" {
  command = plan
  variables {
    snapshots = { copied_to = "eu-west-1" }
  }
  expect_failures = [var.snapshots]
}

run "refuses_a_reserved_tag" {
  command = plan
  variables {
    tags = { cluster = "acme" }
  }
  expect_failures = [var.tags]
}

# The last two, since the first of them leaves a state.
run "the_output_has_the_facts_for_gitops_gen" {
  assert {
    condition = keys(output.gitops) == [
      "accountId", "addonRoles", "addons", "albSecurityGroup", "certificateArn", "clusterName", "externalSecrets",
    "kubernetesVersion", "nodeEgress", "nodes", "podPorts", "region", "schemaVersion", "tags", "volumeTag", "vpc"]
    error_message = "The output must have exactly the fields in gitops.schema.json."
  }
  assert {
    condition     = output.gitops.albSecurityGroup == "acme-dev-alb" && output.gitops.certificateArn == null && output.gitops.vpc.publicSubnetCidrs == ["10.0.192.0/22", "10.0.196.0/22"]
    error_message = "What the Ingress and the NetworkPolicies are made of."
  }
}

run "refuses_the_state_of_another_cluster" {
  command = plan
  variables {
    name = "acme-prod"
  }
  expect_failures = [terraform_data.identity]
}
