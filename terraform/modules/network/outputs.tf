output "vpc_id" {
  description = "The VPC's id."
  value       = aws_vpc.this.id
}

output "subnet_cidrs" {
  description = "Ranges of the subnets in the order of the zones: an internet-facing ALB sends from the public ones, pods and an internal ALB live in the private ones."
  value = {
    public  = [for zone in var.zones : local.public_cidrs[zone]]
    private = [for zone in var.zones : local.private_cidrs[zone]]
  }
}

output "private_subnet_ids" {
  description = "Ids of the private subnets by zone. Complete only with their way out, so that nodes can start."
  value       = { for zone, subnet in aws_subnet.private : zone => subnet.id }
  depends_on  = [aws_route_table_association.private]
}

output "alb_security_group" {
  description = "Name tag of the ALB's security group."
  value       = aws_security_group.alb.tags.Name
}

output "node_security_group_id" {
  description = "Id of the nodes' security group. Complete only with its rules."
  value       = aws_security_group.node.id
  depends_on  = [aws_vpc_security_group_ingress_rule.this, aws_vpc_security_group_egress_rule.this]
}

output "pod_ports" {
  description = "Container ports that the ALB may reach."
  value       = var.alb.pod_ports
}
