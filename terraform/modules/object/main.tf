# A variable of an object type drops keys that the type does not know, without a word. So the roots
# take objects as `any`, this module checks each of them, and they use what it gives back.
variable "name" {
  description = "The object's name in messages."
  type        = string
}
variable "value" {
  description = "The object, as the user wrote it. Null is none."
  type        = any
}
variable "keys" {
  description = "The type of each key that it may have: string, number, bool, list(string), map(string), or any for an object. Of a key that need not be there, optional(string) and so on; of one that must be there but may be null, nullable(string). Null is else as if the key were missing."
  type        = map(string)
}

locals {
  given = { for key in try(keys(var.value), []) : key => var.value[key] }
  types = { for key, type in var.keys : key => replace(type, "/^(optional|nullable)\\((.*)\\)$/", "$2") }
  # Whether a value is of a type, or becomes it by Terraform's own conversions.
  fits = { for key, value in local.given : key => {
    string         = can(tostring(value))
    number         = can(tonumber(value))
    bool           = can(tobool(value))
    "list(string)" = can([for item in value : tostring(item)]) && !can(keys(value))
    "map(string)"  = can([for item in value : tostring(item)]) && can(keys(value))
    any            = true
  } }
  # Null is as good as nothing, but where a key may be null.
  missing = [for key, type in var.keys : key if !startswith(type, "optional(") && try(local.given[key], null) == null && !(startswith(type, "nullable(") && can(local.given[key]))]

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
    [for key, type in local.types : "${var.name}.${key}: this key is required, with ${type == "any" ? "an object" : "a value of type ${type}${startswith(var.keys[key], "nullable(") ? ", or null" : ""}"}." if contains(local.missing, key) && can(keys(var.value))],
    [for key, type in local.types : "${var.name}.${key}: the value must be of type ${type}." if try(local.given[key], null) != null && !try(local.fits[key][type], false)],
    [for key, type in local.types : "${var.name}.${key}: the value must be of type ${type}, without a null in it." if endswith(type, "(string)") && try(local.fits[key][type] && anytrue([for item in local.given[key] : item == null]), false)],
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
