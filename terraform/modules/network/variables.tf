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
variable "flow_logs" {
  description = "Whether CloudWatch keeps who talked to whom. It costs about half a dollar for each GB, on a busy cluster more than the nodes."
  type        = bool
  default     = true
  nullable    = false
}
variable "log_days" {
  description = "How long the flow logs are kept."
  type        = number
  default     = 365
  nullable    = false
  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_days)
    error_message = "logs.days (log_days): ${var.log_days} is none of the numbers that CloudWatch takes: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653."
  }
}
