# An existing VPC. This module creates nothing, and checks the requirements of a cluster.
data "aws_vpc" "this" {
  id = var.vpc_id
}
data "aws_subnet" "private" {
  for_each = var.private_subnets
  id       = each.value
  lifecycle {
    postcondition {
      condition     = self.vpc_id == var.vpc_id && self.availability_zone == each.key
      error_message = "vpc.private_subnets (private_subnets): ${each.value} is in ${self.availability_zone} of ${self.vpc_id}, not in ${each.key} of ${var.vpc_id}."
    }
  }
}
data "aws_subnet" "public" {
  for_each = var.public_subnets
  id       = each.value
  lifecycle {
    postcondition {
      condition     = self.vpc_id == var.vpc_id && self.availability_zone == each.key
      error_message = "vpc.public_subnets (public_subnets): ${each.value} is in ${self.availability_zone} of ${self.vpc_id}, not in ${each.key} of ${var.vpc_id}."
    }
    postcondition {
      condition     = lookup(self.tags, "kubernetes.io/role/elb", "") == "1"
      error_message = "vpc.public_subnets (public_subnets): ${each.value} does not have the tag kubernetes.io/role/elb = 1, which the load balancer controller needs to find it."
    }
  }
}

variable "vpc_id" {
  description = "The ID of the VPC. DNS hostnames must be enabled, and the private subnets must reach the Internet on port 443."
  type        = string
}
variable "private_subnets" {
  description = "The ID of the private subnet for the nodes, by zone."
  type        = map(string)
  validation {
    condition     = contains([2, 3], length(var.private_subnets))
    error_message = "vpc.private_subnets (private_subnets): must contain one subnet for each of two or three zones."
  }
}
variable "public_subnets" {
  description = "The ID of the public subnet for the ALB, by zone. The zones must be those of the private subnets."
  type        = map(string)
  validation {
    condition     = toset(keys(var.public_subnets)) == toset(keys(var.private_subnets))
    error_message = "vpc.public_subnets (public_subnets): must contain one subnet for each zone of vpc.private_subnets (private_subnets)."
  }
}

output "vpc" {
  description = "The VPC in the structure of the module network."
  value = {
    id                 = var.vpc_id
    cidr               = data.aws_vpc.this.cidr_block
    zones              = keys(var.private_subnets)
    publicSubnetCidrs  = [for zone in keys(var.private_subnets) : data.aws_subnet.public[zone].cidr_block]
    privateSubnetCidrs = [for zone in keys(var.private_subnets) : data.aws_subnet.private[zone].cidr_block]
  }
}
output "subnets" {
  description = "The ID of the private subnet of each zone."
  value       = { for zone, subnet in data.aws_subnet.private : zone => subnet.id }
}
