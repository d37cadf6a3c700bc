variable "environment" {
  description = "Name of the environment; everything is named after it."
  type        = string
}

variable "vpc_id" {
  description = "VPC of the cluster."
  type        = string
}

variable "subnet_ids" {
  description = "Private subnets, in at least two zones, of which each store uses two."
  type        = list(string)

  validation {
    condition     = length(distinct(var.subnet_ids)) >= 2
    error_message = "Two zones are needed to survive the loss of one: give at least two subnets."
  }
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

variable "postgresql" {
  description = "Size of the database. Storage is in GiB and grows by itself up to the maximum."
  type = object({
    instance_class        = optional(string, "db.t4g.medium")
    allocated_storage     = optional(number, 20)
    max_allocated_storage = optional(number, 100)
    backup_retention_days = optional(number, 7)
  })
  default = {}
}

variable "valkey_node_type" {
  description = "Type of the queue's two nodes."
  type        = string
  default     = "cache.t4g.small"
}

variable "deletion_protection" {
  description = "Whether the database refuses to be deleted. Where it does not, no last snapshot is taken either."
  type        = bool
  default     = true
}
