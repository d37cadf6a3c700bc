locals {
  environment = "dev"

  # The first environment of an account makes its provider for GitHub's tokens.
  create_oidc_provider = true

  # Cheap before robust: one NAT gateway, no paid endpoints, no flow logs.
  single_nat_gateway  = true
  interface_endpoints = []
  flow_logs           = false
  log_retention_days  = 7

  # A secret that is destroyed is gone, so that dev can be made anew at once.
  secret_versions                = { postgresql = 1, redis = 1, voter = 1 }
  secret_recovery_window_in_days = 0

  # The workflow deploys straight to the cluster, from the networks in account.hcl.
  endpoint_public_access = true
  deploys_directly       = true
  access_entries         = {}

  kubernetes_version = "1.36"
  node_groups = {
    general = { instance_types = ["m7i-flex.large"], min_size = 2, desired_size = 2, max_size = 4 }
  }
}
