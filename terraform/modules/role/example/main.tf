provider "aws" {
  region = "eu-west-1"
}

module "backend" {
  source          = "../"
  name            = "acme-dev-backend"
  cluster         = "acme-dev"
  namespace       = "shop"
  service_account = "backend"
  policy_arns     = { queue = "arn:aws:iam::111122223333:policy/backend-queue" }
}
