variable "environment" {
  description = "Name of the environment; everything is named after it."
  type        = string
}

variable "region" {
  description = "AWS region, part of the endpoint services' names."
  type        = string
}

variable "account_id" {
  description = "Account the network belongs to; flow logs are taken from it alone."
  type        = string
}

variable "cidr" {
  description = "Addresses of the VPC."
  type        = string
  default     = "10.0.0.0/16"

  validation {
    condition     = try(cidrhost(var.cidr, 0) == split("/", var.cidr)[0], false)
    error_message = "cidr must be an IPv4 network with its first address, such as 10.0.0.0/16."
  }

  validation {
    condition     = try(tonumber(split("/", var.cidr)[1]) >= 16 && tonumber(split("/", var.cidr)[1]) <= 20, false)
    error_message = "cidr must be between /16, the largest VPC that AWS allows, and /20, which six subnets of a cluster need."
  }
}

variable "public_subnet_cidrs" {
  description = "Addresses of the public subnets, one for each zone."
  type        = list(string)
  default     = ["10.0.1.0/24", "10.0.2.0/24", "10.0.3.0/24"]

  validation {
    condition     = length(var.public_subnet_cidrs) >= 3
    error_message = "Three zones are needed to survive the loss of one: give at least three public subnets."
  }
}

variable "private_subnet_cidrs" {
  description = "Addresses of the private subnets, one for each zone, in the order of the public ones."
  type        = list(string)
  default     = ["10.0.11.0/24", "10.0.12.0/24", "10.0.13.0/24"]

  validation {
    condition     = length(var.private_subnet_cidrs) == length(var.public_subnet_cidrs)
    error_message = "Each zone has one public and one private subnet: the two lists must be of one length."
  }
}

variable "single_nat_gateway" {
  description = "One NAT gateway, and one address of each endpoint, for all zones instead of one in each: cheaper, but the nodes lose the internet with that zone."
  type        = bool
  default     = false
}

variable "interface_endpoints" {
  description = "AWS services that are reached without the internet, each billed by zone and hour. Session Manager needs the first three."
  type        = set(string)
  default     = ["ssm", "ssmmessages", "ec2messages"]

  validation {
    condition = length(setsubtract(var.interface_endpoints, [
      "ssm", "ssmmessages", "ec2messages", "ecr.api", "ecr.dkr", "sts", "secretsmanager", "eks", "eks-auth", "ec2", "logs", "kms", "elasticloadbalancing",
    ])) == 0
    error_message = "interface_endpoints takes ssm, ssmmessages, ec2messages, ecr.api, ecr.dkr, sts, secretsmanager, eks, eks-auth, ec2, logs, kms and elasticloadbalancing."
  }
}

variable "flow_logs" {
  description = "Whether connections into, out of and inside the VPC are logged to CloudWatch."
  type        = bool
  default     = false
}

variable "log_retention_days" {
  description = "Days that flow logs are kept."
  type        = number
  default     = 30
}

variable "permissions_boundary_arn" {
  description = "Policy that bounds what the flow logs' role can ever do; null for none."
  type        = string
  default     = null
}
