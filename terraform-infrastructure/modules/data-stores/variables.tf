variable "environment" {
  description = "Name of the environment; everything is named after it."
  type        = string
}

variable "kind" {
  description = "Who runs the stores: in-cluster, our own charts, for which nothing is made here; or managed, AWS."
  type        = string

  validation {
    condition     = contains(["in-cluster", "managed"], var.kind)
    error_message = "kind (data_stores in env.hcl) must be in-cluster or managed."
  }
}

variable "vpc_id" {
  description = "VPC of the cluster."
  type        = string
}

variable "subnet_ids" {
  description = "Private subnets, in at least two zones, of which each managed store uses two."
  type        = list(string)
}

variable "subnet_cidrs" {
  description = "Addresses of these subnets: network policies let the pods through to them."
  type        = list(string)
}

variable "client_security_group_id" {
  description = "The only security group that may connect: the cluster's."
  type        = string
}

variable "postgresql_secret" {
  description = "Secret that holds the password of PostgreSQL, and the number that is raised whenever its value is new."
  type        = object({ arn = string, version = number })
}

variable "redis_secret" {
  description = "Secret that holds the password of the queue, and the id of its current version."
  type        = object({ arn = string, version_id = string })
}

variable "deletion_protection" {
  description = "Whether the managed database refuses to be deleted. Where it does not, no last snapshot is taken either."
  type        = bool
  default     = true
}
