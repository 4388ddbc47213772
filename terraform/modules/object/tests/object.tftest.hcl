variables {
  name = "alb"
  keys = {
    allowed_cidrs   = "optional(list(string))"
    certificate_arn = "optional(string)"
    name            = "string"
    ports           = "optional(number)"
    public          = "optional(bool)"
    tags            = "optional(map(string))"
    logs            = "optional(any)"
  }
}

run "returns_the_given_values_and_null_for_missing_keys" {
  command = plan
  variables {
    value = { name = "web", allowed_cidrs = ["203.0.113.0/24"], tags = { team = "shop" } }
  }
  assert {
    condition     = output.value.name == "web" && output.value.allowed_cidrs[0] == "203.0.113.0/24" && output.value.tags.team == "shop"
    error_message = "As they were given."
  }
  assert {
    condition     = toset(keys(output.value)) == toset(keys(var.keys)) && output.value.ports == null
    error_message = "Every key is there."
  }
}

run "accepts_what_terraform_converts" {
  command = plan
  variables {
    value = { name = 1, ports = "8080", public = "true", allowed_cidrs = [1], tags = { team = 1 }, logs = {} }
  }
}

run "accepts_null_for_an_optional_key" {
  command = plan
  variables {
    value = { name = "web", allowed_cidrs = null, certificate_arn = null, ports = null, public = null, tags = null, logs = null }
  }
}

run "accepts_null_for_a_nullable_key" {
  command = plan
  variables {
    value = { secret_id = null }
    keys  = { secret_id = "nullable(string)" }
  }
}

run "refuses_an_object_without_a_nullable_key" {
  command = plan
  variables {
    value = {}
    keys  = { secret_id = "nullable(string)" }
  }
  expect_failures = [output.value]
}

run "refuses_null_for_a_required_key" {
  command = plan
  variables {
    value = { name = null }
  }
  expect_failures = [output.value]
}

run "refuses_null_for_an_object" {
  command = plan
  variables {
    value = null
    keys  = { ports = "optional(number)" }
  }
  expect_failures = [output.value]
}

run "refuses_null_in_a_list" {
  command = plan
  variables {
    value = { name = "web", allowed_cidrs = ["203.0.113.0/24", null] }
  }
  expect_failures = [output.value]
}

run "refuses_null_in_a_map" {
  command = plan
  variables {
    value = { name = "web", tags = { team = null } }
  }
  expect_failures = [output.value]
}

run "refuses_an_unknown_key" {
  command = plan
  variables {
    value = { name = "web", allowed_cidr = ["203.0.113.0/24"] }
  }
  expect_failures = [output.value]
}

run "refuses_an_unknown_key_even_with_null" {
  command = plan
  variables {
    value = { name = "web", allowed_cidr = null }
  }
  expect_failures = [output.value]
}

run "refuses_an_object_without_a_required_key" {
  command = plan
  variables {
    value = { ports = 8080 }
  }
  expect_failures = [output.value]
}

run "refuses_a_string_for_an_object" {
  command = plan
  variables {
    value = "web"
    keys  = { ports = "optional(number)" }
  }
  expect_failures = [output.value]
}

run "refuses_a_list_for_an_object" {
  command = plan
  variables {
    value = ["web"]
    keys  = { ports = "optional(number)" }
  }
  expect_failures = [output.value]
}

run "refuses_a_list_for_a_string" {
  command = plan
  variables {
    value = { name = ["web"] }
  }
  expect_failures = [output.value]
}

run "refuses_a_string_for_a_list" {
  command = plan
  variables {
    value = { name = "web", allowed_cidrs = "203.0.113.0/24" }
  }
  expect_failures = [output.value]
}

run "refuses_a_map_for_a_list" {
  command = plan
  variables {
    value = { name = "web", allowed_cidrs = { office = "203.0.113.0/24" } }
  }
  expect_failures = [output.value]
}

run "refuses_a_list_of_lists_for_a_list_of_strings" {
  command = plan
  variables {
    value = { name = "web", allowed_cidrs = [["203.0.113.0/24"]] }
  }
  expect_failures = [output.value]
}

run "refuses_a_list_for_a_map" {
  command = plan
  variables {
    value = { name = "web", tags = ["shop"] }
  }
  expect_failures = [output.value]
}

run "refuses_a_word_for_a_number" {
  command = plan
  variables {
    value = { name = "web", ports = "http" }
  }
  expect_failures = [output.value]
}

run "refuses_a_number_for_a_bool" {
  command = plan
  variables {
    value = { name = "web", public = 3 }
  }
  expect_failures = [output.value]
}

# Its own mistake, and no user's.
run "refuses_a_type_that_is_unknown" {
  command = plan
  variables {
    value = { ports = 1 }
    keys  = { ports = "optional(integer)" }
  }
  expect_failures = [output.value]
}

run "accepts_words_of_the_list" {
  command = plan
  variables {
    value = { nat = "per-zone", logs = ["api", "audit"], none = null }
    keys  = { nat = "one_of(single, per-zone)", logs = "optional(list(one_of(api, audit)))", none = "optional(one_of(a, b))" }
  }
}

run "refuses_a_word_that_is_not_in_the_list" {
  command = plan
  variables {
    value = { nat = "per-zones" }
    keys  = { nat = "one_of(single, per-zone)" }
  }
  expect_failures = [output.value]
}

run "refuses_a_word_in_a_list_that_is_not_in_the_list" {
  command = plan
  variables {
    value = { logs = ["api", "audits"] }
    keys  = { logs = "optional(list(one_of(api, audit)))" }
  }
  expect_failures = [output.value]
}

run "refuses_a_list_for_a_word" {
  command = plan
  variables {
    value = { nat = ["single"] }
    keys  = { nat = "one_of(single, per-zone)" }
  }
  expect_failures = [output.value]
}
