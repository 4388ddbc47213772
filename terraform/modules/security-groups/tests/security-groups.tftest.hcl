mock_provider "aws" {}

variables {
  name = "acme-dev"
  vpc  = { id = "vpc-1", cidr = "10.0.0.0/16" }
}

run "http_opens_only_port_80" {
  command = plan
  assert {
    condition     = [for rule in aws_vpc_security_group_ingress_rule.this : rule.from_port if rule.cidr_ipv4 != null] == [80]
    error_message = "One rule admits addresses: 80 from anywhere."
  }
}

run "a_certificate_opens_443_to_the_same_clients" {
  command = plan
  variables {
    alb_https         = true
    alb_allowed_cidrs = ["203.0.113.0/24", "198.51.100.7/32"]
  }
  assert {
    condition = toset([for rule in aws_vpc_security_group_ingress_rule.this : "${rule.from_port} ${rule.cidr_ipv4}" if rule.cidr_ipv4 != null]) == toset(
    ["80 203.0.113.0/24", "443 203.0.113.0/24", "80 198.51.100.7/32", "443 198.51.100.7/32"])
    error_message = "Two ports for two ranges."
  }
}

run "refuses_an_invalid_client_range" {
  command = plan
  variables {
    alb_allowed_cidrs = ["203.0.113.7"]
  }
  expect_failures = [var.alb_allowed_cidrs]
}

run "refuses_an_empty_list_of_clients" {
  command = plan
  variables {
    alb_allowed_cidrs = []
  }
  expect_failures = [var.alb_allowed_cidrs]
}
