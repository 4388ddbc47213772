variable "name" {
  description = "Names the VPC and everything in it: the cluster's name."
  type        = string
  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,30}[a-z0-9]$", var.name))
    error_message = "name: 3 to 32 lower-case letters, digits and hyphens, starting with a letter, not ending with a hyphen."
  }
}
variable "vpc" {
  description = "The VPC."
  type = object({
    zones = list(string)                    # one to three, in order; only ever append, the order fixes the subnets' ranges
    cidr  = optional(string, "10.0.0.0/16") # /16 to /21: in a smaller one a public subnet is too small for an ALB
    nat   = optional(string, "single")      # cheap, but if its zone fails no node gets out; or per-zone
  })
  validation {
    condition     = contains([1, 2, 3], length(var.vpc.zones)) && length(distinct(var.vpc.zones)) == length(var.vpc.zones) && alltrue([for zone in var.vpc.zones : can(regex("^[a-z]{2}(-[a-z]+)+-[0-9][a-z]$", zone))])
    error_message = "vpc.zones: one to three different ones, for instance eu-west-1a."
  }
  validation {
    condition     = can(regex("/(1[6-9]|2[01])$", var.vpc.cidr)) && try(cidrsubnet(var.vpc.cidr, 0, 0) == var.vpc.cidr, false) && contains(["single", "per-zone"], var.vpc.nat)
    error_message = "vpc: cidr is an IPv4 range from /16 to /21 without host bits, for instance 10.0.0.0/16; nat is single or per-zone."
  }
}
variable "alb" {
  description = "Who may open the ALB, and whether on 443 too: it has a certificate."
  type        = object({ allowed_cidrs = optional(set(string), ["0.0.0.0/0"]), https = optional(bool, false) })
  default     = {}
  validation {
    condition     = alltrue([for cidr in var.alb.allowed_cidrs : can(cidrnetmask(cidr))])
    error_message = "alb.allowed_cidrs: IPv4 ranges, for instance 203.0.113.0/24."
  }
}
