variable "environment" {
  description = "Name of the environment; the instance is voting-<environment>-bastion."
  type        = string
}

variable "region" {
  description = "AWS region of the cluster."
  type        = string
}

variable "account_id" {
  description = "Account of the cluster; part of the bucket's name, which must be like no other in the world."
  type        = string
}

variable "vpc_id" {
  description = "VPC of the cluster."
  type        = string
}

variable "subnet_id" {
  description = "Private subnet of the instance."
  type        = string
}

variable "cluster_name" {
  description = "The cluster that the bastion may use."
  type        = string
}

variable "cluster_endpoint" {
  description = "Address of the cluster's API."
  type        = string
}

variable "cluster_certificate_authority" {
  description = "Authority that signs the API's certificate, base64 PEM."
  type        = string
}

variable "cluster_security_group_id" {
  description = "Security group of the cluster's API, which is opened for the bastion."
  type        = string
}

variable "instance_type" {
  description = "Type of the instance, x86-64."
  type        = string
  default     = "t3.small"
}

variable "kubectl" {
  description = "Release of kubectl, at most one minor version from the cluster's, and the SHA-256 of its linux/amd64 binary."
  type        = object({ version = string, sha256 = string })
  default = {
    version = "1.36.3"
    sha256  = "ebbd080e7c2e275093b55915722043257eb24004363e20acb3c4d71919f88336"
  }
}

variable "helm" {
  description = "Release of Helm and the SHA-256 of its linux-amd64 archive."
  type        = object({ version = string, sha256 = string })
  default = {
    version = "4.2.3"
    sha256  = "e9b88b4ee95b18c706839c28d3a0220e5bc470e9cd9262410c90793c45ff8b7c"
  }
}

variable "permissions_boundary_arn" {
  description = "Policy that bounds what the role can ever do; null for none."
  type        = string
  default     = null
}
