terraform {
  required_version = ">= 1.11"
  required_providers {
    aws = { source = "hashicorp/aws", version = ">= 6.28, < 7" }
  }
  # bucket, key and region come with `terraform init -backend-config=FILE`: see ../README.md.
  backend "s3" {
    encrypt      = true
    use_lockfile = true
  }
}

provider "aws" {
  region              = var.region
  allowed_account_ids = [var.account_id]
  default_tags { tags = { cluster = var.name, managed-by = "terraform" } }
}
