# A variable of an object type drops keys that the type does not know, without a word. So the roots
# take objects as `any`, this module checks each of them, and they use what it gives back.
variable "name" {
  description = "The object's name in messages."
  type        = string
}
variable "value" {
  description = "The object, as the user wrote it."
  type        = any
  default     = {}
  nullable    = false
}
variable "keys" {
  description = "The type of each key that it may have: string, number, bool, list(string), map(string) or any. Of a key that need not be there: optional(string), and so on. Null is of every type, as in Terraform."
  type        = map(string)
}

locals {
  given = { for key in try(keys(var.value), []) : key => var.value[key] }
  types = { for key, type in var.keys : key => replace(type, "/^optional\\((.*)\\)$/", "$1") }
  # Whether a value is of a type, or becomes it by Terraform's own conversions.
  fits = { for key, value in local.given : key => {
    string         = can(tostring(value))
    number         = can(tonumber(value))
    bool           = can(tobool(value))
    "list(string)" = can([for item in value : tostring(item)]) && !can(keys(value))
    "map(string)"  = can([for item in value : tostring(item)]) && can(keys(value))
    any            = true
  } }

  # The key that was meant is the one that has most pairs of letters in common with a misspelled one.
  unknown = setsubtract(keys(local.given), keys(var.keys))
  pairs   = { for key in setunion(local.unknown, keys(var.keys)) : key => [for start in range(length(key) + 1) : substr(" ${lower(key)} ", start, 2)] }
  likeness = { for wrong in local.unknown : wrong => { for key in keys(var.keys) :
    key => 2 * length(setintersection(local.pairs[wrong], local.pairs[key])) / length(concat(local.pairs[wrong], local.pairs[key]))
  } }
  meant = { for wrong, likeness in local.likeness :
  wrong => [for key, share in likeness : " Did you mean ${key}?" if share >= 0.3 && share == max(values(likeness)...)] }

  allowed = "The keys of ${var.name} are ${join(", ", keys(var.keys))}."
  problems = concat(
    can(keys(var.value)) ? [] : ["${var.name}: the value must be an object. ${local.allowed}"],
    [for key in local.unknown : "${var.name}.${key}: there is no such key.${try(local.meant[key][0], "")} ${local.allowed}"],
    [for key, type in var.keys : "${var.name}.${key}: this key is required, with a value of type ${type}." if !startswith(type, "optional(") && !can(local.given[key]) && can(keys(var.value))],
    [for key, type in local.types : "${var.name}.${key}: the value must be of type ${type}." if try(local.given[key], null) != null && !try(local.fits[key][type], false)],
  )
}

output "value" {
  description = "The object with all of its keys. What was not given is null."
  value       = { for key in keys(var.keys) : key => try(local.given[key], null) }
  precondition {
    condition     = length(local.problems) == 0
    error_message = join("\n", local.problems)
  }
}
