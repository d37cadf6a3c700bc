locals {
  environment = "prod"

  # dev has made it; true where prod has an account of its own
  create_oidc_provider = false

  # A zone may fail: a NAT gateway each. Session Manager reaches the bastion without the internet.
  single_nat_gateway  = false
  interface_endpoints = ["ssm", "ssmmessages", "ec2messages"]
  flow_logs           = true
  log_retention_days  = 90

  secret_versions                = { postgresql = 1, redis = 1, voter = 1 }
  secret_recovery_window_in_days = 30

  # The API answers inside the VPC only, and deployments go through the bastion.
  endpoint_public_access = false
  deploys_directly       = false
  access_entries         = {}

  kubernetes_version = "1.36"
  node_groups = {
    general = { instance_types = ["m7i-flex.xlarge"], min_size = 3, desired_size = 3, max_size = 6 }
    # a node in each zone for pods that ask for the label, such as the data stores
    data = { instance_types = ["m7i-flex.large"], min_size = 3, desired_size = 3, max_size = 3, labels = { "voting-app/tier" = "data" } }
  }
}
