locals {
  environment = "dev"

  # in-cluster, or managed by AWS: set-up, readiness, hosts, TLS and network policies follow
  data_stores = "in-cluster"

  # { zone_id, vote_host, result_host, host_host } of a zone in Route 53: certificate, records and ExternalDNS follow
  domain = null

  # Cheap before robust: one NAT gateway and endpoints in one zone, no flow logs.
  single_nat_gateway  = true
  interface_endpoints = ["ssm", "ssmmessages", "ec2messages"]
  flow_logs           = false
  log_retention_days  = 7

  # What is destroyed is gone, so that dev can be made anew at once.
  secret_versions                = { postgresql = 1, redis = 1, voter = 1, host = 1 }
  secret_recovery_window_in_days = 0
  keep_when_destroyed            = false

  # Whoever account.hcl admits may use the cluster from the internet; the workflows take the bastion.
  public_endpoint = true
  access_entries  = {}

  kubernetes_version = "1.36"
  node_groups = {
    general = { instance_types = ["m7i-flex.large"], min_size = 2, desired_size = 2, max_size = 4 }
  }
}
