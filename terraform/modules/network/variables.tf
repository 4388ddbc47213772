variable "name" {
  description = "Names the VPC and everything in it: the cluster's name."
  type        = string
  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,30}[a-z0-9]$", var.name))
    error_message = "name: 3 to 32 lower-case letters, digits and hyphens, starting with a letter, not ending with a hyphen."
  }
}

variable "vpc_cidr" {
  description = "The VPC's IPv4 range, /16 to /21: in a smaller one a public subnet is too small for an ALB."
  type        = string
  default     = "10.0.0.0/16"
  validation {
    condition     = can(regex("/(1[6-9]|2[01])$", var.vpc_cidr)) && try(cidrsubnet(var.vpc_cidr, 0, 0) == var.vpc_cidr, false)
    error_message = "vpc_cidr: an IPv4 range from /16 to /21 without host bits, for instance 10.0.0.0/16."
  }
}

variable "zones" {
  description = "Availability zones, in order. Only ever append: the order fixes the subnets' ranges. EKS and an ALB need two."
  type        = list(string)
  validation {
    condition     = contains([1, 2, 3], length(distinct(var.zones))) && length(distinct(var.zones)) == length(var.zones) && alltrue([for zone in var.zones : can(regex("^[a-z]{2}(-[a-z]+)+-[0-9][a-z]$", zone))])
    error_message = "zones: one to three different ones, for instance eu-west-1a."
  }
}

variable "nat" {
  description = "single: one NAT gateway, cheap; if its zone fails no node gets out. per-zone: one in each zone."
  type        = string
  default     = "single"
  validation {
    condition     = contains(["single", "per-zone"], var.nat)
    error_message = "nat: single or per-zone."
  }
}

variable "alb" {
  description = "Who may open the ALB; whether on 443 too (it has a certificate); the container ports it may reach, below the kubelet's."
  type = object({
    allowed_cidrs = optional(set(string), ["0.0.0.0/0"])
    https         = optional(bool, false)
    pod_ports     = optional(object({ from = number, to = number }), { from = 1024, to = 10247 })
  })
  default = {}
  validation {
    condition     = alltrue([for cidr in var.alb.allowed_cidrs : can(cidrnetmask(cidr))])
    error_message = "alb.allowed_cidrs: IPv4 ranges, for instance 203.0.113.0/24."
  }
  validation {
    condition     = 1 <= var.alb.pod_ports.from && var.alb.pod_ports.from <= var.alb.pod_ports.to && var.alb.pod_ports.to <= 10247
    error_message = "alb.pod_ports: 1 <= from <= to <= 10247."
  }
}

variable "node_egress_ports" {
  description = "TCP ports that nodes may open on the Internet (22 as well for Git over SSH). Inside the VPC they may open any."
  type        = set(number)
  default     = [443]
  validation {
    condition     = alltrue([for port in var.node_egress_ports : port >= 1 && port <= 65535])
    error_message = "node_egress_ports: port numbers, 1 to 65535."
  }
}
