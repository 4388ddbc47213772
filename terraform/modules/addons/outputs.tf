output "installed" {
  description = "The add-ons that this module installed, sorted."
  value       = sort([for name, addon in aws_eks_addon.this : addon.addon_name])
}

output "volume_tag" {
  description = "The tag on every volume of the cluster's claims, and on its snapshots."
  value       = local.volume_tag
}
