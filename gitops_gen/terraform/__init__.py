"""Terraform's facts in, and what terraform/bootstrap needs to know out.

    import_cluster.import_cluster(root, name, output, file) -> ImportedFacts; the caller writes them
    terraform_vars.terraform_vars(environment, components) -> TerraformVars
    previous_variables.losses(...) -> why a file of variables must not be replaced

Nothing is imported here: each command needs one of them.
"""
