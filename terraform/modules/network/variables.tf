# A message names a variable as users of the roots write it, and in brackets as it is here.
variable "name" {
  description = "Names the VPC and everything in it: the cluster's name."
  type        = string
  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,30}[a-z0-9]$", var.name))
    error_message = "name: 3 to 32 lower-case letters, digits and hyphens, starting with a letter, not ending with a hyphen."
  }
}
variable "zones" {
  description = "One to three availability zones. Only ever append: a zone's place in the list fixes its subnets' ranges."
  type        = list(string)
  validation {
    condition     = contains([1, 2, 3], length(var.zones)) && length(distinct(var.zones)) == length(var.zones) && alltrue([for zone in var.zones : can(regex("^[a-z]{2}(-[a-z]+)+-[0-9][a-z]$", zone))])
    error_message = "vpc.zones (zones): one to three different ones, for instance eu-west-1a."
  }
}
variable "cidr" {
  description = "The VPC's range, /16 to /21: in a smaller one a public subnet is too small for an ALB."
  type        = string
  default     = "10.0.0.0/16"
  nullable    = false
  validation {
    condition     = can(regex("/(1[6-9]|2[01])$", var.cidr)) && try(cidrsubnet(var.cidr, 0, 0) == var.cidr, false)
    error_message = "vpc.cidr (cidr): an IPv4 range from /16 to /21 without host bits, for instance 10.0.0.0/16."
  }
}
variable "nat" {
  description = "NAT gateways: single is cheap, but if its zone fails no node reaches the Internet; or per-zone."
  type        = string
  default     = "single"
  nullable    = false
  validation {
    condition     = contains(["single", "per-zone"], var.nat)
    error_message = "vpc.nat (nat): single or per-zone."
  }
}
variable "alb_allowed_cidrs" {
  description = "Who may open the ALB."
  type        = set(string)
  default     = ["0.0.0.0/0"]
  nullable    = false
  validation {
    condition     = alltrue([for cidr in var.alb_allowed_cidrs : can(cidrnetmask(cidr))])
    error_message = "alb.allowed_cidrs (alb_allowed_cidrs): IPv4 ranges, for instance 203.0.113.0/24."
  }
}
variable "alb_https" {
  description = "Whether they may on 443 too: the ALB has a certificate."
  type        = bool
  default     = false
  nullable    = false
}
