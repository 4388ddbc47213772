# Three security groups, and two tables with their rules. Do not change the name or the description of a
# group: AWS cannot change either, and refuses a second group of the same name.
resource "aws_security_group" "this" {
  # checkov:skip=CKV2_AWS_5:The load balancer controller attaches the group of the ALB by its Name tag, and the module cluster attaches the others by ID.
  for_each = {
    alb           = "ALB: open to its clients, reaches the pods only."
    node          = "Nodes and pods: their only group, since of two the controller would not know which to use."
    control-plane = "Control plane: beside the group that EKS makes, which may send anywhere."
  }
  name        = "${var.name}-${each.key}"
  description = each.value
  vpc_id      = var.vpc.id
  tags        = { Name = "${var.name}-${each.key}" }
}
locals {
  group     = { for name, group in aws_security_group.this : name => group.id }
  pod_ports = [1024, 10247] # below the ports of the kubelet
  ingress = merge({
    "ALB to pods"                           = { of = local.group.node, group = local.group.alb, ports = local.pod_ports }
    "node to node"                          = { of = local.group.node, group = local.group.node }
    "node to API server"                    = { of = local.group.control-plane, group = local.group.node, ports = [443, 443] }
    "API server to webhooks on 443"         = { of = local.group.node, group = local.group.control-plane, ports = [443, 443] }
    "API server to webhooks on 9443"        = { of = local.group.node, group = local.group.control-plane, ports = [9443, 9443] }
    "API server to kubelet, metrics-server" = { of = local.group.node, group = local.group.control-plane, ports = [10250, 10251] }
    }, { for pair in setproduct(var.alb_https ? [80, 443] : [80], var.alb_allowed_cidrs) :
    "${pair[1]} to ALB on ${pair[0]}" => { of = local.group.alb, cidr = pair[1], ports = [pair[0], pair[0]] }
  })
  egress = {
    "ALB to pods"             = { of = local.group.alb, group = local.group.node, ports = local.pod_ports }
    "node to VPC"             = { of = local.group.node, cidr = var.vpc.cidr }
    "node to Internet on 443" = { of = local.group.node, cidr = "0.0.0.0/0", ports = [443, 443] }
  }
}
resource "aws_vpc_security_group_ingress_rule" "this" {
  for_each                     = local.ingress
  description                  = each.key
  security_group_id            = each.value.of
  referenced_security_group_id = try(each.value.group, null)
  cidr_ipv4                    = try(each.value.cidr, null)
  ip_protocol                  = can(each.value.ports) ? "tcp" : "-1"
  from_port                    = try(each.value.ports[0], null)
  to_port                      = try(each.value.ports[1], null)
}
resource "aws_vpc_security_group_egress_rule" "this" {
  for_each                     = local.egress
  description                  = each.key
  security_group_id            = each.value.of
  referenced_security_group_id = try(each.value.group, null)
  cidr_ipv4                    = try(each.value.cidr, null)
  ip_protocol                  = can(each.value.ports) ? "tcp" : "-1"
  from_port                    = try(each.value.ports[0], null)
  to_port                      = try(each.value.ports[1], null)
}

output "alb" {
  description = "The Name tag of the security group of the ALB, and the container ports that the ALB may reach."
  value       = { security_group = "${var.name}-alb", pod_ports = { from = local.pod_ports[0], to = local.pod_ports[1] } }
}
output "node" {
  description = "The ID of the security group of the nodes. It depends on all rules."
  value       = local.group.node
  depends_on  = [aws_vpc_security_group_ingress_rule.this, aws_vpc_security_group_egress_rule.this]
}
output "control_plane" {
  description = "The ID of the security group of the control plane. It depends on all rules."
  value       = local.group.control-plane
  depends_on  = [aws_vpc_security_group_ingress_rule.this, aws_vpc_security_group_egress_rule.this]
}
output "node_egress" {
  description = "The address ranges and TCP ports that nodes and Pods may connect to."
  value       = [for rule in local.egress : { cidr = rule.cidr, from = try(rule.ports[0], 1), to = try(rule.ports[1], 65535) } if rule.of == local.group.node]
}
