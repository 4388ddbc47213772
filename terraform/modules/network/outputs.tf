output "vpc" {
  description = "The VPC in the structure that gitops-gen expects. An internet-facing ALB has addresses in the public ranges, and Pods have addresses in the private ones."
  value = {
    id                 = aws_vpc.this.id
    cidr               = var.cidr
    zones              = var.zones
    publicSubnetCidrs  = [for zone in var.zones : local.subnets["public-${zone}"].cidr]
    privateSubnetCidrs = [for zone in var.zones : local.subnets["private-${zone}"].cidr]
  }
}
output "subnets" {
  description = "The ID of the private subnet of each zone. It depends on the routes of the subnets."
  value       = { for zone in var.zones : zone => aws_subnet.this["private-${zone}"].id }
  depends_on  = [aws_route_table_association.this, aws_route.default]
}
