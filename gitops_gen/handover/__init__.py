"""Between Terraform and values: its facts in, what bootstrap needs out, and the way down.

    import_cluster.import_cluster(root, name, output, file) -> Imported, for the caller to write
    terraform_vars.terraform_vars(environment, components) -> TerraformVars
    teardown.teardown(environment, planned) -> Teardown; text(teardown), script(teardown)

Nothing is imported here: each command needs one of them.
"""
