# A message contains the name of the variable in the root, and in parentheses its name in this module.
variable "name" {
  description = "The name of the cluster, which is the first part of the names of the groups."
  type        = string
}
variable "vpc" {
  description = "The VPC, with the keys id and cidr."
  type        = map(string)
}
variable "alb_allowed_cidrs" {
  description = "The address ranges that may connect to the ALB."
  type        = set(string)
  default     = ["0.0.0.0/0"]
  nullable    = false
  validation {
    condition     = length(var.alb_allowed_cidrs) > 0 && alltrue([for cidr in var.alb_allowed_cidrs : can(cidrnetmask(cidr))])
    error_message = "alb.allowed_cidrs (alb_allowed_cidrs): must contain IPv4 ranges, for instance 203.0.113.0/24."
  }
}
variable "alb_https" {
  description = "Whether port 443 is open too, because the ALB has a certificate."
  type        = bool
  default     = false
  nullable    = false
}
