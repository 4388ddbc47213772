account_id = "111122223333"
region     = "eu-west-1"
name       = "acme-dev"
vpc        = { zones = null }                                                   # refused: vpc.zones: this key is required, with a value of type list(string).
alb        = null                                                               # refused: alb: the value must be an object. The keys of alb are allowed_cidrs, certificate_arn.
nodes      = null                                                               # refused: nodes: the value must be an object. The keys of nodes are ami_type, disk_gib, instance_types, max, min.
access     = { admin_arns = ["arn:aws:iam::111122223333:role/platform", null] } # refused: access.admin_arns: the value must be of type list(string), without a null in it.
