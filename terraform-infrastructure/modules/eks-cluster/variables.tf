variable "environment" {
  description = "Name of the environment; the cluster is voting-<environment>."
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

variable "kubernetes_version" {
  description = "Minor version of Kubernetes; see docs/decisions/0011-kubernetes-version.md."
  type        = string
  default     = "1.36"

  validation {
    condition     = contains(["1.35", "1.36"], var.kubernetes_version)
    error_message = "kubernetes_version must be 1.35 or 1.36. Standard support of 1.34 ends on 2026-12-02; later versions are not tested with these charts."
  }
}

variable "subnet_ids" {
  description = "Private subnets of the nodes and of the control plane's network interfaces, in at least three zones."
  type        = list(string)

  validation {
    condition     = length(distinct(var.subnet_ids)) >= 3
    error_message = "Give at least three subnets, each in a zone of its own."
  }
}

variable "endpoint_public_access" {
  description = "Whether the cluster's API answers on the internet, to public_access_cidrs. It always answers inside the VPC."
  type        = bool
  default     = false
}

variable "public_access_cidrs" {
  description = "From where the API may be reached on the internet."
  type        = list(string)
  default     = []

  validation {
    condition     = !var.endpoint_public_access || length(var.public_access_cidrs) > 0
    error_message = "The API is to answer on the internet, but nobody is admitted: list the networks in public_access_cidrs."
  }

  validation {
    condition     = var.endpoint_public_access || length(var.public_access_cidrs) == 0
    error_message = "public_access_cidrs admits networks to a public endpoint, but endpoint_public_access is false."
  }

  validation {
    condition     = alltrue([for cidr in var.public_access_cidrs : can(cidrhost(cidr, 0))])
    error_message = "public_access_cidrs takes IPv4 networks such as 203.0.113.7/32."
  }
}

variable "node_groups" {
  description = "Managed node groups by name. Sizes are numbers of nodes, the disk is in GiB."
  type = map(object({
    instance_types = list(string)
    capacity_type  = optional(string, "ON_DEMAND")
    min_size       = number
    desired_size   = number
    max_size       = number
    disk_size      = optional(number, 50)
    labels         = optional(map(string), {})
  }))

  validation {
    condition     = length(var.node_groups) > 0
    error_message = "A cluster without nodes runs nothing: give at least one node group."
  }

  validation {
    condition = alltrue([
      for group in var.node_groups : group.min_size <= group.desired_size && group.desired_size <= group.max_size
    ])
    error_message = "Each node group needs min_size <= desired_size <= max_size."
  }
}

variable "access_entries" {
  description = "Who may use the cluster's API, by a name of your choice: an IAM principal and one of EKS's access policies, for the whole cluster or for the given namespaces."
  type = map(object({
    principal_arn = string
    policy        = string
    namespaces    = optional(list(string), [])
  }))
  default = {}

  validation {
    condition = alltrue([for entry in var.access_entries : contains(
      ["AmazonEKSClusterAdminPolicy", "AmazonEKSAdminPolicy", "AmazonEKSEditPolicy", "AmazonEKSViewPolicy"], entry.policy
    )])
    error_message = "policy must be AmazonEKSClusterAdminPolicy, AmazonEKSAdminPolicy, AmazonEKSEditPolicy or AmazonEKSViewPolicy."
  }
}

variable "external_secrets_role_arn" {
  description = "Role for the service account external-secrets/external-secrets."
  type        = string
}

variable "load_balancer_controller_role_arn" {
  description = "Role for the service account kube-system/aws-load-balancer-controller."
  type        = string
}

variable "log_retention_days" {
  description = "Days that the control plane's logs are kept."
  type        = number
  default     = 30
}

variable "permissions_boundary_arn" {
  description = "Policy that bounds what the roles can ever do; null for none."
  type        = string
  default     = null
}
