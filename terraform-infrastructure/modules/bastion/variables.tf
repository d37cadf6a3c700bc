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

variable "vpc_cidr" {
  description = "Addresses of the VPC: the bastion reaches the cluster's API, the endpoints and internal load balancers there."
  type        = string
}

variable "s3_prefix_list_id" {
  description = "Addresses of S3, where the bastion reads its artifacts."
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

variable "permissions_boundary_arn" {
  description = "Policy that bounds what the role can ever do; null for none."
  type        = string
  default     = null
}
