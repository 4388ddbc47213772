account_id = "111122223333"
region     = "eu-west-1"
name       = "acme-dev"
vpc = {
  # refused: vpc.zones: this key is required, with a value of type list(string).
  zone = ["eu-west-1a", "eu-west-1b"] # refused: vpc.zone: there is no such key. Did you mean zones? The keys of vpc are cidr, id, nat, private_subnets, public_subnets, zones.
}
access = {
  # refused: access.admin_arns: this key is required, with a value of type list(string).
  admins = ["arn:aws:iam::111122223333:role/platform"] # refused: access.admins: there is no such key. Did you mean admin_arns? The keys of access are admin_arns, editor_arns, public_cidrs, viewer_arns.
}
