# A variable of an object type drops keys that the type does not know, without a word. So the roots
# take objects as `any`, this module checks each of them, and they use what it gives back.
variable "name" {
  description = "The object's name in messages. Empty: its keys are variables of their own."
  type        = string
}
variable "value" {
  description = "The object, as the user wrote it. Null is none."
  type        = any
}
variable "keys" {
  description = "The type of each key that it may have: string, number, bool, list(string), map(string), any for an object, or the words that it may be: one_of(single, per-zone), list(one_of(a, b)). Of a key that need not be there, optional(string) and so on; of one that must be there but may be null, nullable(string). Null is else as if the key were missing."
  type        = map(string)
}

locals {
  path    = var.name == "" ? "" : "${var.name}."
  given   = { for key in try(keys(var.value), []) : key => var.value[key] }
  types   = { for key, type in var.keys : key => replace(type, "/^(optional|nullable)\\((.*)\\)$/", "$2") }
  choices = { for key, type in local.types : key => split(", ", regex("one_of\\(([^)]*)\\)", type)[0]) if strcontains(type, "one_of(") }
  plain   = { for key, type in local.types : key => replace(type, "/one_of\\([^)]*\\)/", "string") }
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
  unknown = setsubtract(keys(local.given), keys(var.keys))
  # Of the keys that may be certain words alone: those that are others.
  other_words = merge({}, [for key, choices in local.choices : {
    for word in try([for item in local.given[key] : tostring(item)], [tostring(local.given[key])], []) : "${key} ${word}" => { key = key, word = word } if !contains(choices, word)
  } if try(local.given[key] != null && local.fits[key][local.plain[key]], false)]...)

  # What was meant is what has most pairs of letters in common with what was written.
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
  description = "The object with all of its keys. What was not given is null."
  value       = { for key in keys(var.keys) : key => try(local.given[key], null) }
  precondition {
    condition     = length(local.problems) == 0
    error_message = join("\n", local.problems)
  }
}
