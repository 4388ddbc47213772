mock_provider "aws" {}

variables {
  name            = "acme-dev-backend"
  cluster         = "acme-dev"
  namespace       = "shop"
  service_account = "backend"
  policy_arns     = { read = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess" }
  policies        = { own = "{\"Version\": \"2012-10-17\", \"Statement\": []}" }
}

run "only_these_pods_get_the_role" {
  command = plan
  assert {
    condition = jsondecode(aws_iam_role.this.assume_role_policy).Statement[0].Condition.StringEquals == {
      "aws:RequestTag/eks-cluster-name"           = "acme-dev"
      "aws:RequestTag/kubernetes-namespace"       = "shop"
      "aws:RequestTag/kubernetes-service-account" = "backend"
    }
    error_message = "Cluster, namespace and ServiceAccount, all three."
  }
  assert {
    condition     = length(aws_iam_role_policy_attachment.this) == 1 && length(aws_iam_role_policy.this) == 1
    error_message = "One policy of each kind."
  }
}

run "a_cluster_created_in_the_same_plan" {
  command = plan
  module {
    source = "./tests/new-cluster"
  }
}

run "a_service_has_a_role" {
  command = plan
  variables {
    service         = "vpc-flow-logs.amazonaws.com"
    cluster         = null
    namespace       = null
    service_account = null
  }
  assert {
    condition     = jsondecode(aws_iam_role.this.assume_role_policy).Statement[0] == { Effect = "Allow", Principal = { Service = "vpc-flow-logs.amazonaws.com" }, Action = ["sts:AssumeRole"] } && length(aws_eks_pod_identity_association.this) == 0
    error_message = "That service, and no pod."
  }
}

run "a_service_has_a_role_of_this_account" {
  command = plan
  variables {
    service         = "dlm.amazonaws.com"
    account         = "111122223333"
    cluster         = null
    namespace       = null
    service_account = null
  }
  assert {
    condition     = jsondecode(aws_iam_role.this.assume_role_policy).Statement[0].Condition == { StringEquals = { "aws:SourceAccount" = "111122223333" } }
    error_message = "Whatever another account tells the service to do."
  }
}

run "refuses_a_role_name_of_65_letters" {
  command = plan
  variables {
    name = join("", [for i in range(65) : "x"])
  }
  expect_failures = [var.name]
}

run "refuses_a_namespace_in_capitals" {
  command = plan
  variables {
    namespace = "Shop"
  }
  expect_failures = [var.cluster]
}

run "refuses_a_service_account_in_capitals" {
  command = plan
  variables {
    service_account = "Backend"
  }
  expect_failures = [var.cluster]
}

run "refuses_a_namespace_without_its_cluster" {
  command = plan
  variables {
    cluster = null
  }
  expect_failures = [var.cluster]
}

run "refuses_a_cluster_without_a_service_account" {
  command = plan
  variables {
    service_account = null
  }
  expect_failures = [var.cluster]
}
