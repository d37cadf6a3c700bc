# No inbound rule: Session Manager's agent calls out. Inside the VPC only the cluster's API and the
# endpoints of AWS services admit this group.
resource "aws_security_group" "this" {
  name        = local.name
  description = "Bastion: nothing comes in, HTTPS goes out"
  vpc_id      = var.vpc_id

  tags = { Name = local.name }
}

resource "aws_vpc_security_group_egress_rule" "https" {
  security_group_id = aws_security_group.this.id
  description       = "Cluster API, AWS services, and the two downloads at first boot"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_ingress_rule" "cluster_api" {
  security_group_id            = var.cluster_security_group_id
  description                  = "Cluster API from the bastion"
  referenced_security_group_id = aws_security_group.this.id
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
}
