variable "name" {
  description = "Name of the role."
  type        = string
}

variable "description" {
  description = "What the role is for."
  type        = string
}

variable "cluster_arn" {
  description = "The one cluster whose pods may take the role."
  type        = string

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:eks:[a-z0-9-]+:[0-9]{12}:cluster/.+$", var.cluster_arn))
    error_message = "cluster_arn must be the ARN of an EKS cluster."
  }
}

variable "namespace" {
  description = "Namespace of the service account that may take the role."
  type        = string
}

variable "service_account" {
  description = "Service account that may take the role."
  type        = string
}

variable "policy" {
  description = "What the role may do, as JSON; null when policy_arns says all."
  type        = string
  default     = null
}

variable "policy_arns" {
  description = "Managed policies of the role, by a name of the caller's choice."
  type        = map(string)
  default     = {}
}

variable "permissions_boundary_arn" {
  description = "Policy that bounds what the role can ever do; null for none."
  type        = string
  default     = null
}
