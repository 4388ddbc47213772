"""Stubs of Terraform providers, so that plans and applies run without a cloud.

A stub implements plugin protocol 6 with the schema of the real provider. The schemas are read
from the bindings that the CDK Terrain project publishes as Python wheels:

    wheels -> schema -> mirror (a provider binary for each name) -> provider (the process)

A stub invents the values that AWS would compute. It has no rules that are not in the schema;
`api_rules`, `iam` and `security_groups` check some of them in a plan.
"""
