# Who may talk to whom, as two tables. `cluster` adds the control plane's rows to the nodes'.
locals {
  alb  = aws_security_group.alb.id
  node = aws_security_group.node.id

  clients = { for pair in setproduct(var.alb.https ? [80, 443] : [80], var.alb.allowed_cidrs) :
    "${pair[1]} to ALB on ${pair[0]}" => { of = local.alb, cidr = pair[1], ports = { from = pair[0], to = pair[0] } }
  }
  ingress = merge(local.clients, {
    "ALB to pods"  = { of = local.node, group = local.alb, ports = var.alb.pod_ports }
    "node to node" = { of = local.node, group = local.node }
  })

  internet = { for port in var.node_egress_ports :
    "node to Internet on ${port}" => { of = local.node, cidr = "0.0.0.0/0", ports = { from = port, to = port } }
  }
  egress = merge(local.internet, {
    "ALB to pods" = { of = local.alb, group = local.node, ports = var.alb.pod_ports }
    "node to VPC" = { of = local.node, cidr = var.vpc_cidr }
  })
}

# The Ingress names this group by its Name tag, so that no id has to travel.
resource "aws_security_group" "alb" {
  # checkov:skip=CKV2_AWS_5:The load balancer controller attaches it, by its Name tag.
  name        = "${var.name}-alb"
  description = "ALB: open to its clients, reaches the pods only."
  vpc_id      = aws_vpc.this.id
  tags        = { Name = "${var.name}-alb" }
}

# The nodes' only group: with two the controller would not know which one to use.
resource "aws_security_group" "node" {
  # checkov:skip=CKV2_AWS_5:The cluster module's launch template attaches it.
  name        = "${var.name}-node"
  description = "Nodes and pods: admit the ALB, each other and the control plane."
  vpc_id      = aws_vpc.this.id
  tags        = { Name = "${var.name}-node" }
}

resource "aws_vpc_security_group_ingress_rule" "this" {
  for_each                     = local.ingress
  description                  = each.key
  security_group_id            = each.value.of
  referenced_security_group_id = lookup(each.value, "group", null)
  cidr_ipv4                    = lookup(each.value, "cidr", null)
  ip_protocol                  = can(each.value.ports) ? "tcp" : "-1"
  from_port                    = try(each.value.ports.from, null)
  to_port                      = try(each.value.ports.to, null)
}

resource "aws_vpc_security_group_egress_rule" "this" {
  for_each                     = local.egress
  description                  = each.key
  security_group_id            = each.value.of
  referenced_security_group_id = lookup(each.value, "group", null)
  cidr_ipv4                    = lookup(each.value, "cidr", null)
  ip_protocol                  = can(each.value.ports) ? "tcp" : "-1"
  from_port                    = try(each.value.ports.from, null)
  to_port                      = try(each.value.ports.to, null)
}
