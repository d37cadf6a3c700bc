# No inbound rule: Session Manager's agent calls out. What it may reach is listed here, and the internet is
# not: kubectl and helm come through the artifacts bucket.
resource "aws_security_group" "this" {
  name        = local.name
  description = "Bastion: nothing comes in; cluster API, AWS endpoints and internal load balancers go out"
  vpc_id      = var.vpc_id

  tags = { Name = local.name }
}

resource "aws_vpc_security_group_egress_rule" "s3" {
  security_group_id = aws_security_group.this.id
  description       = "Artifacts bucket, through the gateway endpoint"
  prefix_list_id    = var.s3_prefix_list_id
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

# The cluster's API, the endpoints of Session Manager, and the internal load balancers that smoke tests ask:
# the last have groups that their controller makes and names as it likes, so the VPC it is.
resource "aws_vpc_security_group_egress_rule" "vpc" {
  for_each = { http = 80, https = 443 }

  security_group_id = aws_security_group.this.id
  description       = "Inside the VPC, ${each.key}"
  cidr_ipv4         = var.vpc_cidr
  ip_protocol       = "tcp"
  from_port         = each.value
  to_port           = each.value
}

resource "aws_vpc_security_group_ingress_rule" "cluster_api" {
  security_group_id            = var.cluster_security_group_id
  description                  = "Cluster API from the bastion"
  referenced_security_group_id = aws_security_group.this.id
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
}
