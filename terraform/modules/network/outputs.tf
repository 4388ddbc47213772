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
output "alb" {
  description = "The Name tag of the ALB's security group, and the container ports that it may reach."
  value       = { security_group = "${var.name}-alb", pod_ports = { from = local.pod_ports[0], to = local.pod_ports[1] } }
}
output "nodes" {
  description = "For the cluster module, complete only with routes and rules: private subnets by zone, security groups."
  value = {
    subnets         = { for zone in var.zones : zone => aws_subnet.this["private-${zone}"].id }
    security_groups = { node = local.group.node, control_plane = local.group.control-plane }
  }
  depends_on = [aws_route_table_association.this, aws_vpc_security_group_ingress_rule.this, aws_vpc_security_group_egress_rule.this]
}
