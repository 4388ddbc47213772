account_id = "111122223333"
region     = "eu-west-1"
name       = "acme-dev"
vpc        = { zones = ["eu-west-1a", "eu-west-1b"] }
access     = { admin_arns = null } # refused: access.admin_arns: this key is required, with a value of type list(string).
