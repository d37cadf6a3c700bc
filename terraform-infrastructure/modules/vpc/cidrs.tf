# Terraform has no function for "contains" or "overlaps". Two networks overlap exactly if they are the
# same once both are widened to the shorter of their prefixes.

locals {
  subnet_cidrs      = concat(var.public_subnet_cidrs, var.private_subnet_cidrs)
  malformed_subnets = [for cidr in local.subnet_cidrs : cidr if !try(cidrhost(cidr, 0) == split("/", cidr)[0], false)]

  networks = [
    for cidr in local.subnet_cidrs : { cidr = cidr, address = split("/", cidr)[0], prefix = tonumber(split("/", cidr)[1]) }
    if !contains(local.malformed_subnets, cidr)
  ]

  vpc_prefix = try(tonumber(split("/", var.cidr)[1]), 0)
  outside_subnets = [
    for network in local.networks : network.cidr
    if network.prefix < local.vpc_prefix || try(cidrhost("${network.address}/${local.vpc_prefix}", 0) != cidrhost(var.cidr, 0), true)
  ]

  overlapping_subnets = flatten([
    for i, a in local.networks : [
      for b in slice(local.networks, i + 1, length(local.networks)) : "${a.cidr} and ${b.cidr}"
      if cidrhost("${a.address}/${min(a.prefix, b.prefix)}", 0) == cidrhost("${b.address}/${min(a.prefix, b.prefix)}", 0)
    ]
  ])
}
