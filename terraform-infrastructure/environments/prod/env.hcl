locals {
  environment = "prod"

  # in-cluster, or managed by AWS: set-up, readiness, hosts, TLS and network policies follow
  data_stores = "in-cluster"

  # { zone_id, vote_host, result_host, host_host } of a zone in Route 53: certificate, records and ExternalDNS follow
  domain = null

  # A zone may fail: a NAT gateway and an address of each endpoint in every one.
  single_nat_gateway  = false
  interface_endpoints = ["ssm", "ssmmessages", "ec2messages"]
  flow_logs           = true
  log_retention_days  = 90

  # Secrets, their key, the database and the dumps outlive a slip of the hand.
  secret_versions                = { postgresql = 1, redis = 1, voter = 1, host = 1 }
  secret_recovery_window_in_days = 30
  keep_when_destroyed            = true

  # The API answers inside the VPC only, whoever account.hcl admits; the bastion is the way to it.
  public_endpoint = false
  access_entries  = {}

  kubernetes_version = "1.36"
  node_groups = {
    general = { instance_types = ["m7i-flex.xlarge"], min_size = 3, desired_size = 3, max_size = 6 }
    # a node in each zone for pods that ask for the label, such as the data stores
    data = { instance_types = ["m7i-flex.large"], min_size = 3, desired_size = 3, max_size = 3, labels = { "voting-app/tier" = "data" } }
  }
}
