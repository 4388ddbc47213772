output "vpc" {
  description = "As the generator wants to know it. An internet-facing ALB sends from the public ranges; pods live in the private ones."
  value = {
    id                 = aws_vpc.this.id
    cidr               = var.cidr
    zones              = var.zones
    publicSubnetCidrs  = [for zone in var.zones : local.subnets["public-${zone}"].cidr]
    privateSubnetCidrs = [for zone in var.zones : local.subnets["private-${zone}"].cidr]
  }
}
output "subnets" {
  description = "The private subnet of each zone, complete only with its routes."
  value       = { for zone in var.zones : zone => aws_subnet.this["private-${zone}"].id }
  depends_on  = [aws_route_table_association.this, aws_route.default]
}
