variable "environment" {
  description = "Name of the environment."
  type        = string
}

variable "region" {
  description = "AWS region of the cluster."
  type        = string
}

variable "account_id" {
  description = "Account of the cluster."
  type        = string
}

variable "cluster_name" {
  description = "The cluster in which ExternalDNS runs."
  type        = string
}

variable "domain" {
  description = "Names of the pages of voters, viewers and hosts and the Route 53 zone they are in; null for none, or when DNS is somebody else's."
  type        = object({ zone_id = string, vote_host = string, result_host = string, host_host = string })
  default     = null

  validation {
    condition     = var.domain == null || try(can(regex("^Z[A-Z0-9]+$", var.domain.zone_id)) && length(distinct([var.domain.vote_host, var.domain.result_host, var.domain.host_host])) == 3, false)
    error_message = "domain needs the zone's id, which begins with Z, and three different host names."
  }
}

variable "permissions_boundary_arn" {
  description = "Policy that bounds what the role can ever do; null for none."
  type        = string
  default     = null
}
