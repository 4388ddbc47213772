account_id = "111122223333"
region     = "eu-west-1"
name       = "acme-dev"
vpc        = { zones = ["eu-west-1a", "eu-west-1b"] }
access = {
  admin_arns  = ["arn:aws:iam::111122223333:role/platform"]
  editor_arns = ["developers"] # refused: access.editor_arns (editor_arns): must contain ARNs of IAM roles or users
}
