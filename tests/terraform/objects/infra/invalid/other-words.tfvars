account_id  = "111122223333"
region      = "eu-wset-1" # refused: region: there is no eu-wset-1. Did you mean eu-west-1? Only: af-south-1
name        = "acme-dev"
vpc         = { zones = ["eu-wset-1a", "eu-wset-1b"], nat = "per-zones" } # refused: vpc.nat: there is no per-zones. Did you mean per-zone? Only: single, per-zone.
nodes       = { ami_type = "AL2023_ARM64_STANDARD" }                      # refused: nodes.ami_type: there is no AL2023_ARM64_STANDARD. Did you mean AL2023_ARM_64_STANDARD?
access      = { admin_arns = ["arn:aws:iam::111122223333:role/platform"] }
addon_roles = ["externalsecrets"]                             # refused: addon_roles: there is no externalsecrets. Did you mean external-secrets? Only: external-dns, external-secrets.
snapshots   = { copied_to = "eu-central-11" }                 # refused: snapshots.copied_to: there is no eu-central-11. Did you mean eu-central-1?
logs        = { control_plane = ["audit", "authentication"] } # refused: logs.control_plane: there is no authentication. Did you mean authenticator?
