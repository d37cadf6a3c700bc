locals {
  name  = "voting-${var.environment}"
  zones = { for i, zone in slice(data.aws_availability_zones.usable.names, 0, local.zone_count) : zone => i }
  # a plan that has too few zones must reach the sentence below, not fail in slice()
  zone_count = min(length(var.public_subnet_cidrs), length(data.aws_availability_zones.usable.names))
}

data "aws_availability_zones" "usable" {
  state = "available"
  # EKS takes no subnets of these zones for its control plane
  exclude_zone_ids = ["use1-az3", "usw1-az2", "cac1-az3"]

  filter {
    name   = "opt-in-status"
    values = ["opt-in-not-required"]
  }

  lifecycle {
    postcondition {
      condition     = length(self.names) >= length(var.public_subnet_cidrs)
      error_message = "${var.region} offers ${length(self.names)} zones for EKS to this account, but there are subnets for ${length(var.public_subnet_cidrs)}."
    }
  }
}

resource "aws_vpc" "this" {
  cidr_block           = var.cidr
  enable_dns_support   = true
  enable_dns_hostnames = true

  tags = { Name = local.name }

  lifecycle {
    precondition {
      condition     = length(local.malformed_subnets) == 0
      error_message = "Not IPv4 networks with their first address: ${join(", ", local.malformed_subnets)}."
    }

    precondition {
      condition     = length(local.outside_subnets) == 0
      error_message = "Subnets outside of ${var.cidr}: ${join(", ", local.outside_subnets)}."
    }

    precondition {
      condition     = length(local.overlapping_subnets) == 0
      error_message = "Subnets overlap: ${join(", ", local.overlapping_subnets)}."
    }
  }
}

# The VPC's default group would let everything in it talk to everything: it is emptied, and used by nothing.
resource "aws_default_security_group" "empty" {
  vpc_id = aws_vpc.this.id

  tags = { Name = "${local.name}-default-unused" }
}

resource "aws_subnet" "public" {
  for_each = local.zones

  vpc_id            = aws_vpc.this.id
  availability_zone = each.key
  cidr_block        = var.public_subnet_cidrs[each.value]

  # only load balancers and NAT gateways live here, and they bring addresses of their own
  map_public_ip_on_launch = false

  tags = {
    Name                     = "${local.name}-public-${each.key}"
    "kubernetes.io/role/elb" = "1"
  }
}

resource "aws_subnet" "private" {
  for_each = local.zones

  vpc_id            = aws_vpc.this.id
  availability_zone = each.key
  cidr_block        = var.private_subnet_cidrs[each.value]

  tags = {
    Name                              = "${local.name}-private-${each.key}"
    "kubernetes.io/role/internal-elb" = "1"
  }
}
