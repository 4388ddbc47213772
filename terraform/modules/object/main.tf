# Terraform silently drops unknown keys of a variable with an object type. Therefore the roots declare
# objects as `any`, and use the values that this module has validated.
variable "name" {
  description = "The name of the object in messages. If it is empty, the keys are the names of variables."
  type        = string
}
variable "value" {
  description = "The object of the user."
  type        = any
}
variable "keys" {
  description = "The type of each allowed key: string, number, bool, list(string), map(string), any for an object, or the allowed words, as in one_of(single, per-zone) or list(one_of(a, b)). optional(string) is for a key that may be missing, and nullable(string) for a required key that may be null. Otherwise, null counts as missing."
  type        = map(string)
}

locals {
  path    = var.name == "" ? "" : "${var.name}."
  given   = { for key in try(keys(var.value), []) : key => var.value[key] }
  types   = { for key, type in var.keys : key => replace(type, "/^(optional|nullable)\\((.*)\\)$/", "$2") }
  choices = { for key, type in local.types : key => split(", ", regex("one_of\\(([^)]*)\\)", type)[0]) if strcontains(type, "one_of(") }
  plain   = { for key, type in local.types : key => replace(type, "/one_of\\([^)]*\\)/", "string") }
  # Whether Terraform can convert the value to the type.
  fits = { for key, value in local.given : key => {
    string         = can(tostring(value))
    number         = can(tonumber(value))
    bool           = can(tobool(value))
    "list(string)" = can([for item in value : tostring(item)]) && !can(keys(value))
    "map(string)"  = can([for item in value : tostring(item)]) && can(keys(value))
    any            = true
  } }
  # null counts as missing, unless the key is nullable.
  missing = [for key, type in var.keys : key if !startswith(type, "optional(") && try(local.given[key], null) == null && !(startswith(type, "nullable(") && can(local.given[key]))]
  unknown = setsubtract(keys(local.given), keys(var.keys))
  # The values that are not one of the allowed words of their key.
  other_words = merge({}, [for key, choices in local.choices : {
    for word in try([for item in local.given[key] : tostring(item)], [tostring(local.given[key])], []) : "${key} ${word}" => { key = key, word = word } if !contains(choices, word)
  } if try(local.given[key] != null && local.fits[key][local.plain[key]], false)]...)

  # The suggestion is the word that has the most pairs of letters in common with the input.
  candidates = merge({ for key in local.unknown : key => keys(var.keys) }, { for other in local.other_words : other.word => local.choices[other.key] })
  pairs      = { for word in distinct(flatten([keys(local.candidates), values(local.candidates)])) : word => [for start in range(length(word) + 1) : substr(" ${lower(word)} ", start, 2)] }
  likeness = { for wrong, candidates in local.candidates : wrong => { for word in candidates :
    word => 2 * length(setintersection(local.pairs[wrong], local.pairs[word])) / length(concat(local.pairs[wrong], local.pairs[word]))
  } }
  meant = { for wrong, likeness in local.likeness :
  wrong => [for word, share in likeness : " Did you mean ${word}?" if share >= 0.3 && share == max(values(likeness)...)] }

  allowed = "The keys of ${var.name} are ${join(", ", keys(var.keys))}."
  problems = concat(
    can(keys(var.value)) ? [] : ["${var.name}: the value must be an object. ${local.allowed}"],
    [for key in local.unknown : "${local.path}${key}: there is no such key.${try(local.meant[key][0], "")} ${local.allowed}"],
    [for key, type in local.plain : "${local.path}${key}: this key is required, with ${type == "any" ? "an object" : "a value of type ${type}${startswith(var.keys[key], "nullable(") ? ", or null" : ""}"}." if contains(local.missing, key) && can(keys(var.value))],
    [for key, type in local.plain : "${local.path}${key}: the value must be of type ${type}." if try(local.given[key], null) != null && !try(local.fits[key][type], false)],
    [for key, type in local.plain : "${local.path}${key}: the value must be of type ${type}, without a null in it." if endswith(type, "(string)") && try(local.fits[key][type] && anytrue([for item in local.given[key] : item == null]), false)],
    [for other in local.other_words : "${local.path}${other.key}: there is no ${other.word}.${try(local.meant[other.word][0], "")} Only: ${join(", ", local.choices[other.key])}."],
  )
}

output "value" {
  description = "The object with all allowed keys. Keys that the user did not set are null."
  value       = { for key in keys(var.keys) : key => try(local.given[key], null) }
  precondition {
    condition     = length(local.problems) == 0
    error_message = join("\n", local.problems)
  }
}
