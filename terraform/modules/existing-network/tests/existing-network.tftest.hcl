mock_provider "aws" {
  mock_data "aws_vpc" { defaults = { cidr_block = "10.20.0.0/16" } }
  override_data {
    target = data.aws_subnet.private["eu-west-1a"]
    values = { id = "subnet-1", availability_zone = "eu-west-1a", vpc_id = "vpc-1", cidr_block = "10.20.0.0/20" }
  }
  override_data {
    target = data.aws_subnet.private["eu-west-1b"]
    values = { id = "subnet-2", availability_zone = "eu-west-1b", vpc_id = "vpc-1", cidr_block = "10.20.16.0/20" }
  }
  override_data {
    target = data.aws_subnet.public["eu-west-1a"]
    values = { id = "subnet-3", availability_zone = "eu-west-1a", vpc_id = "vpc-1", cidr_block = "10.20.128.0/24", tags = { "kubernetes.io/role/elb" = "1" } }
  }
  override_data {
    target = data.aws_subnet.public["eu-west-1b"]
    values = { id = "subnet-4", availability_zone = "eu-west-1b", vpc_id = "vpc-1", cidr_block = "10.20.129.0/24", tags = { "kubernetes.io/role/elb" = "1" } }
  }
}

variables {
  vpc_id          = "vpc-1"
  private_subnets = { eu-west-1a = "subnet-1", eu-west-1b = "subnet-2" }
  public_subnets  = { eu-west-1a = "subnet-3", eu-west-1b = "subnet-4" }
}

run "has_the_outputs_of_the_network_module" {
  command = plan
  assert {
    condition     = jsonencode(output.vpc) == jsonencode({ id = "vpc-1", cidr = "10.20.0.0/16", zones = ["eu-west-1a", "eu-west-1b"], publicSubnetCidrs = ["10.20.128.0/24", "10.20.129.0/24"], privateSubnetCidrs = ["10.20.0.0/20", "10.20.16.0/20"] })
    error_message = "The same keys, in the order of the zones."
  }
  assert {
    condition     = jsonencode(output.subnets) == jsonencode({ eu-west-1a = "subnet-1", eu-west-1b = "subnet-2" })
    error_message = "Nodes go to the private ones."
  }
}

run "refuses_one_zone" {
  command = plan
  variables {
    private_subnets = { eu-west-1a = "subnet-1" }
    public_subnets  = { eu-west-1a = "subnet-3" }
  }
  expect_failures = [var.private_subnets]
}

run "refuses_a_zone_without_a_public_subnet" {
  command = plan
  variables {
    public_subnets = { eu-west-1a = "subnet-3" }
  }
  expect_failures = [var.public_subnets]
}

run "refuses_a_subnet_of_another_vpc" {
  command = plan
  variables {
    vpc_id = "vpc-2"
  }
  expect_failures = [data.aws_subnet.private["eu-west-1a"], data.aws_subnet.private["eu-west-1b"], data.aws_subnet.public["eu-west-1a"], data.aws_subnet.public["eu-west-1b"]]
}

run "refuses_a_public_subnet_without_its_tag" {
  command = plan
  override_data {
    target = data.aws_subnet.public["eu-west-1b"]
    values = { id = "subnet-4", availability_zone = "eu-west-1b", vpc_id = "vpc-1", cidr_block = "10.20.129.0/24", tags = {} }
  }
  expect_failures = [data.aws_subnet.public["eu-west-1b"]]
}
