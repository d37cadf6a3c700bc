locals {
  name = "voting-${var.environment}"

  ports = {
    postgresql = 5432
    valkey     = 6379
  }
}

resource "aws_security_group" "this" {
  for_each = local.ports

  name        = "${local.name}-${each.key}"
  description = "${each.key}, from the cluster only"
  vpc_id      = var.vpc_id

  tags = { Name = "${local.name}-${each.key}" }
}

resource "aws_vpc_security_group_ingress_rule" "this" {
  for_each = local.ports

  security_group_id            = aws_security_group.this[each.key].id
  description                  = "From the cluster"
  referenced_security_group_id = var.client_security_group_id
  ip_protocol                  = "tcp"
  from_port                    = each.value
  to_port                      = each.value
}
