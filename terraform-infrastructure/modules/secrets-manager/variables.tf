variable "environment" {
  description = "Name of the environment; secrets are named voting-app/<environment>/…."
  type        = string
}

variable "region" {
  description = "AWS region of the secrets and of the cluster."
  type        = string
}

variable "account_id" {
  description = "Account of the secrets and of the cluster."
  type        = string
}

variable "secret_versions" {
  description = "Raise a number and apply, and that secret gets a new generated value."
  type = object({
    postgresql        = optional(number, 1)
    postgresql-worker = optional(number, 1)
    postgresql-reader = optional(number, 1)
    postgresql-host   = optional(number, 1)
    redis             = optional(number, 1)
    voter             = optional(number, 1)
    host              = optional(number, 1)
  })
  default = {}
}

variable "recovery_window_in_days" {
  description = "Days in which a deleted secret can be brought back, 7 to 30, or 0 for none. Until they are over its name is taken."
  type        = number
  default     = 7

  validation {
    condition     = var.recovery_window_in_days == 0 || (var.recovery_window_in_days >= 7 && var.recovery_window_in_days <= 30)
    error_message = "recovery_window_in_days must be 0, or 7 to 30."
  }
}

variable "permissions_boundary_arn" {
  description = "Policy that bounds what the roles can ever do; null for none."
  type        = string
  default     = null
}
