"""A stand-in for Terraform providers, so that plans and applies run without a cloud.

It answers Terraform over plugin protocol 6 with the real providers' schemas, which are read
from the bindings that the CDK Terrain project publishes as Python wheels:

    wheels -> schema -> mirror (a provider binary for each name) -> provider (the process)

It makes up what AWS would compute. It knows no rule of a provider's that the schema does not
hold; `api_rules`, `iam` and `security_groups` check some of those on what was planned.
"""
