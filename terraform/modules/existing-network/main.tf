# A VPC that somebody else keeps: nothing is made, and what a cluster needs is checked.
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
      error_message = "vpc.public_subnets (public_subnets): ${each.value} lacks the tag kubernetes.io/role/elb = 1, by which the load balancer controller finds it."
    }
  }
}

variable "vpc_id" {
  description = "The VPC, with DNS names on, and a way out of its private subnets on 443."
  type        = string
}
variable "private_subnets" {
  description = "Zone to the private subnet that its nodes go to."
  type        = map(string)
  validation {
    condition     = contains([2, 3], length(var.private_subnets))
    error_message = "vpc.private_subnets (private_subnets): one for each of two or three zones."
  }
}
variable "public_subnets" {
  description = "Zone to the public subnet that the ALB goes to: the same zones."
  type        = map(string)
  validation {
    condition     = toset(keys(var.public_subnets)) == toset(keys(var.private_subnets))
    error_message = "vpc.public_subnets (public_subnets): one for each zone of vpc.private_subnets (private_subnets)."
  }
}

output "vpc" {
  description = "As the network module gives it."
  value = {
    id                 = var.vpc_id
    cidr               = data.aws_vpc.this.cidr_block
    zones              = keys(var.private_subnets)
    publicSubnetCidrs  = [for zone in keys(var.private_subnets) : data.aws_subnet.public[zone].cidr_block]
    privateSubnetCidrs = [for zone in keys(var.private_subnets) : data.aws_subnet.private[zone].cidr_block]
  }
}
output "subnets" {
  description = "The private subnet of each zone."
  value       = { for zone, subnet in data.aws_subnet.private : zone => subnet.id }
}
