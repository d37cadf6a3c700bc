variable "environment" {
  description = "Name of the environment."
  type        = string
}

variable "vpc_id" {
  description = "VPC of the cluster."
  type        = string
}

variable "backup_bucket" {
  description = "Bucket that takes the dumps of a PostgreSQL in the cluster."
  type        = string
}

variable "managed_stores" {
  description = "Host names and networks of managed stores; null when the stores run in the cluster."
  type        = object({ postgresql_host = string, redis_host = string, cidrs = list(string) })
  default     = null
}

variable "domain" {
  description = "Names of the pages, their zone and certificate; null for none."
  type        = object({ zone_id = string, vote_host = string, result_host = string, host_host = string, certificate_arn = string })
  default     = null
}
