# A message names a variable as users of the roots write it, and in brackets as it is here.
variable "name" {
  description = "The cluster's name, the first part of the groups' names."
  type        = string
}
variable "vpc" {
  description = "The VPC's id and range: keys id and cidr."
  type        = map(string)
}
variable "alb_allowed_cidrs" {
  description = "Who may open the ALB."
  type        = set(string)
  default     = ["0.0.0.0/0"]
  nullable    = false
  validation {
    condition     = length(var.alb_allowed_cidrs) > 0 && alltrue([for cidr in var.alb_allowed_cidrs : can(cidrnetmask(cidr))])
    error_message = "alb.allowed_cidrs (alb_allowed_cidrs): IPv4 ranges, for instance 203.0.113.0/24."
  }
}
variable "alb_https" {
  description = "Whether they may on 443 too: the ALB has a certificate."
  type        = bool
  default     = false
  nullable    = false
}
