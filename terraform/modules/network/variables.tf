# A message contains the name of the variable in the root, and in parentheses its name in this module.
variable "name" {
  description = "The name of the cluster, which is the name of the VPC and the first part of all other names."
  type        = string
  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,30}[a-z0-9]$", var.name))
    error_message = "name: must be 3 to 32 lower-case letters, digits and hyphens, begin with a letter, and not end with a hyphen."
  }
}
variable "zones" {
  description = "One to three availability zones. Later, only append zones, because the position in the list determines the address ranges of the subnets."
  type        = list(string)
  validation {
    condition     = contains([1, 2, 3], length(var.zones)) && length(distinct(var.zones)) == length(var.zones) && alltrue([for zone in var.zones : can(regex("^[a-z]{2}(-[a-z]+)+-[0-9][a-z]$", zone))])
    error_message = "vpc.zones (zones): must be one to three different zones, for instance eu-west-1a."
  }
}
variable "cidr" {
  description = "The address range of the VPC, /16 to /21. In a smaller one, the public subnets would be too small for an ALB."
  type        = string
  default     = "10.0.0.0/16"
  nullable    = false
  validation {
    condition     = can(regex("/(1[6-9]|2[01])$", var.cidr)) && try(cidrsubnet(var.cidr, 0, 0) == var.cidr, false)
    error_message = "vpc.cidr (cidr): must be an IPv4 range from /16 to /21 without host bits, for instance 10.0.0.0/16."
  }
}
variable "nat" {
  description = "The NAT gateways: single or per-zone. A single one is cheaper, but if its zone fails, no node reaches the Internet."
  type        = string
  default     = "single"
  nullable    = false
  validation {
    condition     = contains(["single", "per-zone"], var.nat)
    error_message = "vpc.nat (nat): must be single or per-zone."
  }
}
variable "flow_logs" {
  description = "Whether CloudWatch stores flow logs. They cost about 0.50 USD per GB, which can be more than the nodes of a busy cluster."
  type        = bool
  default     = true
  nullable    = false
}
variable "log_days" {
  description = "The retention of the flow logs, in days."
  type        = number
  default     = 365
  nullable    = false
  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_days)
    error_message = "logs.days (log_days): ${var.log_days} is not one of the numbers that CloudWatch accepts: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653."
  }
}
