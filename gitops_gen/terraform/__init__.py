"""The exchange with Terraform: outputs are imported, input variables are exported.

    import_cluster.import_cluster(root, name, output, file) -> ImportedFacts; the caller writes them
    terraform_vars.terraform_vars(environment, components) -> TerraformVars
    previous_variables.losses(...) -> findings about a variables file that would be replaced

No module is imported here, because each command needs only one of them.
"""
