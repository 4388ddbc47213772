output "root_application" {
  description = "The root Application's name."
  value       = local.root.metadata.name
}
