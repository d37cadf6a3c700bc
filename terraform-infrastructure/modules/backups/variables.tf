variable "environment" {
  description = "Name of the environment; the bucket and the role are named after it."
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

variable "cluster_name" {
  description = "The cluster whose pods make the dumps."
  type        = string
}

variable "keep_days" {
  description = "Days after which a dump is forgotten, and days more that its last version can be brought back."
  type        = number
  default     = 35
}

variable "keep_when_destroyed" {
  description = "Whether a bucket that holds dumps refuses to be destroyed."
  type        = bool
  default     = true
}

variable "permissions_boundary_arn" {
  description = "Policy that bounds what the role can ever do; null for none."
  type        = string
  default     = null
}
