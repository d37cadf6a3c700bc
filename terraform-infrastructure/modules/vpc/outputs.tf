output "vpc_id" {
  description = "The VPC."
  value       = aws_vpc.this.id
}

output "public_subnet_ids" {
  description = "Public subnets, in the order of their CIDRs."
  value       = [for zone in keys(local.zones) : aws_subnet.public[zone].id]
}

output "private_subnet_ids" {
  description = "Private subnets, in the order of their CIDRs."
  value       = [for zone in keys(local.zones) : aws_subnet.private[zone].id]
}

output "public_subnet_cidrs" {
  description = "Where load balancers on the internet have their addresses: network policies admit these to the pods."
  value       = var.public_subnet_cidrs
}

output "private_subnet_cidrs" {
  description = "Where internal load balancers and pods have their addresses."
  value       = var.private_subnet_cidrs
}

output "nat_addresses" {
  description = "Public addresses that the nodes are seen with, to be admitted elsewhere."
  value       = [for address in aws_eip.nat : address.public_ip]
}

output "vpc_cidr" {
  description = "Addresses of the VPC."
  value       = aws_vpc.this.cidr_block
}

output "s3_prefix_list_id" {
  description = "The addresses of S3 in the region, as security groups name them."
  value       = aws_vpc_endpoint.s3.prefix_list_id
}
