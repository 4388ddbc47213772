mock_provider "aws" {
  mock_data "aws_region" { defaults = { region = "eu-west-1" } }
}

variables {
  name  = "acme-dev"
  zones = ["eu-west-1a", "eu-west-1b"]
}

run "two_zones_by_default_share_one_nat" {
  command = plan
  assert {
    condition     = length(aws_subnet.this) == 4 && length(aws_nat_gateway.this) == 1
    error_message = "A pair of subnets in each zone and one NAT gateway."
  }
  assert {
    condition     = aws_subnet.this["public-eu-west-1b"].tags["kubernetes.io/role/elb"] == "1" && aws_subnet.this["private-eu-west-1b"].tags["kubernetes.io/role/internal-elb"] == "1"
    error_message = "The load balancer controller finds subnets by these tags."
  }
  assert {
    condition     = alltrue([for subnet in aws_subnet.this : subnet.map_public_ip_on_launch != true])
    error_message = "Nothing gets a public address by itself."
  }
}

run "three_zones_with_a_nat_each" {
  command = plan
  variables {
    zones = ["eu-west-1a", "eu-west-1b", "eu-west-1c"]
    nat   = "per-zone"
  }
  assert {
    condition     = length(aws_nat_gateway.this) == 3 && length(aws_route_table.this) == 4
    error_message = "A way out in each zone."
  }
}

run "one_zone_alone" {
  command = plan
  variables {
    zones = ["eu-west-1a"]
  }
  assert {
    condition     = length(aws_subnet.this) == 2 && length(aws_nat_gateway.this) == 1
    error_message = "One of each."
  }
}

run "another_zone_changes_no_range" {
  command = plan
  variables {
    zones = ["eu-west-1a", "eu-west-1b", "eu-west-1c"]
  }
  assert {
    condition     = [output.vpc.privateSubnetCidrs, output.vpc.publicSubnetCidrs] == [["10.0.0.0/18", "10.0.64.0/18", "10.0.128.0/18"], ["10.0.192.0/22", "10.0.196.0/22", "10.0.200.0/22"]]
    error_message = "The first two are those of two zones: see the next run."
  }
}

run "ranges_of_two_zones" {
  command = plan
  assert {
    condition     = [output.vpc.privateSubnetCidrs, output.vpc.publicSubnetCidrs] == [["10.0.0.0/18", "10.0.64.0/18"], ["10.0.192.0/22", "10.0.196.0/22"]]
    error_message = "Three quarters private, the last one for the public subnets."
  }
}

run "the_smallest_vpc_still_has_room_for_an_alb" {
  command = plan
  variables {
    zones = ["eu-west-1a", "eu-west-1b", "eu-west-1c"]
    cidr  = "192.168.8.0/21"
  }
  assert {
    condition     = output.vpc.publicSubnetCidrs == ["192.168.14.0/27", "192.168.14.32/27", "192.168.14.64/27"]
    error_message = "An ALB wants /27 subnets."
  }
}

run "refuses_host_bits" {
  command = plan
  variables {
    cidr = "10.0.0.1/16"
  }
  expect_failures = [var.cidr]
}

run "refuses_a_vpc_that_aws_refuses" {
  command = plan
  variables {
    cidr = "10.0.0.0/15"
  }
  expect_failures = [var.cidr]
}

run "refuses_a_vpc_too_small_for_an_alb" {
  command = plan
  variables {
    cidr = "10.0.0.0/22"
  }
  expect_failures = [var.cidr]
}

run "refuses_an_invalid_range" {
  command = plan
  variables {
    cidr = "10.0.0.0"
  }
  expect_failures = [var.cidr]
}

run "refuses_ipv6" {
  command = plan
  variables {
    cidr = "2001:db8::/20"
  }
  expect_failures = [var.cidr]
}

run "refuses_a_bad_name" {
  command = plan
  variables {
    name = "Acme_Dev"
  }
  expect_failures = [var.name]
}

run "refuses_an_empty_list_of_zones" {
  command = plan
  variables {
    zones = []
  }
  expect_failures = [var.zones]
}

run "refuses_four_zones" {
  command = plan
  variables {
    zones = ["us-east-1a", "us-east-1b", "us-east-1c", "us-east-1d"]
  }
  expect_failures = [var.zones]
}

run "refuses_a_repeated_zone" {
  command = plan
  variables {
    zones = ["eu-west-1a", "eu-west-1a"]
  }
  expect_failures = [var.zones]
}

run "refuses_a_region_for_a_zone" {
  command = plan
  variables {
    zones = ["eu-west-1", "eu-west-2"]
  }
  expect_failures = [var.zones]
}

run "refuses_an_unknown_nat" {
  command = plan
  variables {
    nat = "none"
  }
  expect_failures = [var.nat]
}

run "refuses_days_that_cloudwatch_does_not_accept" {
  command = plan
  variables {
    log_days = 100
  }
  expect_failures = [var.log_days]
}

run "no_flow_logs" {
  command = plan
  variables {
    flow_logs = false
  }
  assert {
    condition     = length(aws_flow_log.this) == 0 && length(aws_cloudwatch_log_group.flow) == 0 && length(module.flow_role) == 0
    error_message = "Neither the log nor what it needs."
  }
}
