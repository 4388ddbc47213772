locals {
  # Three quarters of the VPC are for Pods, the rest is for small public subnets. The ranges of a zone
  # depend only on its index. The load balancer controller finds its subnets by the role tag.
  subnets = merge([for index, zone in var.zones : {
    "private-${zone}" = { zone = zone, routes = zone, role = "internal-elb", cidr = cidrsubnet(var.cidr, 2, index) }
    "public-${zone}"  = { zone = zone, routes = "public", role = "elb", cidr = cidrsubnet(cidrsubnet(var.cidr, 2, 3), 4, index) }
  }]...)
  # The zone whose NAT gateway a zone uses.
  nat = { for zone in var.zones : zone => var.nat == "single" ? var.zones[0] : zone }
}

data "aws_region" "this" {}
data "aws_caller_identity" "this" {}
resource "aws_vpc" "this" {
  cidr_block           = var.cidr
  enable_dns_support   = true
  enable_dns_hostnames = true
  tags                 = { Name = var.name }
}
# The default security group has no rules, so a resource without a named security group is closed.
resource "aws_default_security_group" "closed" {
  vpc_id = aws_vpc.this.id
  tags   = { Name = "${var.name}-default-closed" }
}
resource "aws_subnet" "this" {
  for_each          = local.subnets
  vpc_id            = aws_vpc.this.id
  availability_zone = each.value.zone
  cidr_block        = each.value.cidr
  tags              = { Name = "${var.name}-${each.key}", "kubernetes.io/role/${each.value.role}" = "1" }
}

# Internet access: directly from the public subnets, and with NAT from the private ones.
resource "aws_internet_gateway" "this" { vpc_id = aws_vpc.this.id }
resource "aws_eip" "nat" {
  for_each = toset(values(local.nat))
  domain   = "vpc"
  tags     = { Name = "${var.name}-nat-${each.key}" }
}
resource "aws_nat_gateway" "this" {
  for_each      = toset(values(local.nat))
  allocation_id = aws_eip.nat[each.key].id
  subnet_id     = aws_subnet.this["public-${each.key}"].id
  tags          = { Name = "${var.name}-${each.key}" }
  depends_on    = [aws_internet_gateway.this]
}
resource "aws_route_table" "this" {
  for_each = toset(concat(["public"], var.zones))
  vpc_id   = aws_vpc.this.id
  tags     = { Name = "${var.name}-${each.key}" }
}
# Separate resources, so that Terraform keeps other routes, for instance to a peered VPC.
resource "aws_route" "default" {
  for_each               = toset(concat(["public"], var.zones))
  route_table_id         = aws_route_table.this[each.key].id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = each.key == "public" ? aws_internet_gateway.this.id : null
  nat_gateway_id         = each.key == "public" ? null : aws_nat_gateway.this[local.nat[each.key]].id
}
resource "aws_route_table_association" "this" {
  for_each       = local.subnets
  subnet_id      = aws_subnet.this[each.key].id
  route_table_id = aws_route_table.this[each.value.routes].id
}
# Image layers are stored in S3. With the endpoint, they cause no costs for NAT traffic.
resource "aws_vpc_endpoint" "s3" {
  vpc_id          = aws_vpc.this.id
  service_name    = "com.amazonaws.${data.aws_region.this.region}.s3"
  route_table_ids = [for zone in var.zones : aws_route_table.this[zone].id]
}

# Flow logs record all connections. They remain when the VPC is destroyed, because they may be needed
# after an intrusion.
resource "aws_cloudwatch_log_group" "flow" {
  # checkov:skip=CKV_AWS_158:CloudWatch encrypts every log group with a key of AWS.
  # checkov:skip=CKV_AWS_338:The default is one year, and users may choose less.
  count             = var.flow_logs ? 1 : 0
  name              = "/aws/vpc/${var.name}/flow-logs"
  retention_in_days = var.log_days
  skip_destroy      = true
}
module "flow_role" {
  source   = "../role"
  count    = var.flow_logs ? 1 : 0
  name     = "${var.name}-flow-logs"
  service  = "vpc-flow-logs.amazonaws.com"
  account  = data.aws_caller_identity.this.account_id
  policies = { write = templatefile("${path.module}/flow-logs.json", { log_group = aws_cloudwatch_log_group.flow[0].arn }) }
}
resource "aws_flow_log" "this" {
  count           = var.flow_logs ? 1 : 0
  vpc_id          = aws_vpc.this.id
  traffic_type    = "ALL"
  iam_role_arn    = module.flow_role[0].arn
  log_destination = aws_cloudwatch_log_group.flow[0].arn
}
