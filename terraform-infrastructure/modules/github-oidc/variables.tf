variable "environment" {
  description = "Name of the environment; the roles are for the GitHub environments <environment>, <environment>-infra and <environment>-plan."
  type        = string
}

variable "region" {
  description = "The only AWS region in which the roles may change anything."
  type        = string
}

variable "account_id" {
  description = "Account of the environment."
  type        = string
}

variable "github_repository" {
  description = "The repository as its tokens' subject names it: owner@id/repository@id, or owner/repository if it is older than 15 July 2026 and has not opted in to ids."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9-]+(@[0-9]+)?/[A-Za-z0-9._-]+(@[0-9]+)?$", var.github_repository))
    error_message = "github_repository must be owner@id/repository@id or owner/repository, without a wildcard."
  }

  validation {
    condition     = length(regexall("@", var.github_repository)) != 1
    error_message = "github_repository has the id of either owner or repository, but a token has both or none."
  }
}

variable "create_oidc_provider" {
  description = "Whether this environment makes the account's provider for GitHub's tokens. An account has one: the first environment makes it, the others use it."
  type        = bool
  default     = true
}

variable "state_bucket" {
  description = "Bucket of the Terraform state. Each environment's role reaches its own part of it."
  type        = string
}

variable "domain" {
  description = "Names of the pages and their zone in Route 53, whose records the roles may change; null for none."
  type        = object({ zone_id = string, vote_host = string, result_host = string, host_host = string })
  default     = null
}
