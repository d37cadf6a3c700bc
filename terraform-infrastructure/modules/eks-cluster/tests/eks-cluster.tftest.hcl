mock_provider "aws" {
  override_during = plan

  mock_resource "aws_eks_cluster" {
    defaults = {
      arn                   = "arn:aws:eks:us-east-1:111122223333:cluster/voting-test"
      certificate_authority = [{ data = "bW9jaw==" }]
    }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::111122223333:role/mock" }
  }
  mock_resource "aws_kms_key" {
    defaults = { arn = "arn:aws:kms:us-east-1:111122223333:key/cluster" }
  }
}

variables {
  environment                       = "test"
  region                            = "us-east-1"
  account_id                        = "111122223333"
  subnet_ids                        = ["subnet-1", "subnet-2", "subnet-3"]
  external_secrets_role_arn         = "arn:aws:iam::111122223333:role/voting-test-external-secrets"
  load_balancer_controller_role_arn = "arn:aws:iam::111122223333:role/voting-test-load-balancer-controller"
  node_groups = {
    general = { instance_types = ["m7i-flex.large"], min_size = 2, desired_size = 2, max_size = 4 }
  }
}

run "private_by_default" {
  command = plan

  assert {
    condition     = aws_eks_cluster.this.vpc_config[0].endpoint_private_access && !aws_eks_cluster.this.vpc_config[0].endpoint_public_access
    error_message = "Unless asked, the API must answer inside the VPC only."
  }

  assert {
    condition     = aws_eks_cluster.this.access_config[0].authentication_mode == "API" && !aws_eks_cluster.this.access_config[0].bootstrap_cluster_creator_admin_permissions
    error_message = "Only access entries may give access; whoever made the cluster gets none by that."
  }

  assert {
    condition     = length(aws_eks_access_entry.this) == 0
    error_message = "Nobody has access who is not listed."
  }

  assert {
    condition     = aws_eks_cluster.this.encryption_config[0].resources == toset(["secrets"]) && aws_eks_cluster.this.encryption_config[0].provider[0].key_arn == aws_kms_key.cluster.arn && aws_kms_key.cluster.enable_key_rotation
    error_message = "Kubernetes Secrets must be encrypted with a key that is rotated."
  }

  assert {
    condition     = aws_eks_cluster.this.enabled_cluster_log_types == toset(["api", "audit", "authenticator", "controllerManager", "scheduler"]) && aws_cloudwatch_log_group.control_plane.kms_key_id == aws_kms_key.cluster.arn
    error_message = "All logs of the control plane must be kept, encrypted."
  }

  assert {
    condition     = aws_eks_cluster.this.upgrade_policy[0].support_type == "STANDARD"
    error_message = "Extended support must not be billed by surprise."
  }
}

run "network_policies_are_enforced_from_the_first_pod" {
  command = plan

  assert {
    condition     = jsondecode(aws_eks_addon.before_nodes["vpc-cni"].configuration_values).enableNetworkPolicy == "true"
    error_message = "Without this switch network policies are ignored."
  }

  assert {
    condition     = !aws_eks_cluster.this.bootstrap_self_managed_addons
    error_message = "The CNI that EKS brings along does not enforce network policies."
  }

  assert {
    condition     = setunion(keys(aws_eks_addon.before_nodes), keys(aws_eks_addon.on_nodes)) == toset(["aws-ebs-csi-driver", "coredns", "eks-pod-identity-agent", "kube-proxy", "metrics-server", "vpc-cni"])
    error_message = "An add-on is missing."
  }

  assert {
    condition     = jsondecode(aws_eks_addon.on_nodes["aws-ebs-csi-driver"].configuration_values).defaultStorageClass.enabled
    error_message = "Volumes need a default storage class."
  }
}

run "nodes" {
  command = plan

  assert {
    condition     = aws_eks_node_group.this["general"].ami_type == "AL2023_x86_64_STANDARD" && aws_eks_node_group.this["general"].instance_types == tolist(["m7i-flex.large"])
    error_message = "Nodes must be the size that was asked for, on Amazon Linux 2023."
  }

  assert {
    condition     = aws_launch_template.node["general"].metadata_options[0].http_tokens == "required" && aws_launch_template.node["general"].metadata_options[0].http_put_response_hop_limit == 1
    error_message = "Pods must not get at the node's credentials."
  }

  assert {
    condition     = aws_launch_template.node["general"].block_device_mappings[0].ebs[0].encrypted == "true"
    error_message = "Disks of nodes must be encrypted."
  }

  assert {
    condition     = { for tags in aws_launch_template.node["general"].tag_specifications : tags.resource_type => tags.tags.Environment } == { instance = "test", network-interface = "test", volume = "test" }
    error_message = "Nodes must carry the tag by which other environments are kept away from them."
  }

  assert {
    condition     = toset([for attachment in aws_iam_role_policy_attachment.node : attachment.policy_arn]) == toset(["arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy", "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly"])
    error_message = "Nodes must not have the permissions of their pods."
  }
}

run "pod_identities" {
  command = plan

  assert {
    condition = toset([for association in aws_eks_pod_identity_association.this : "${association.namespace}/${association.service_account}"]) == toset([
      "kube-system/aws-node",
      "kube-system/ebs-csi-controller-sa",
      "external-secrets/external-secrets",
      "kube-system/aws-load-balancer-controller",
    ])
    error_message = "Each of these needs AWS."
  }
}

run "public_to_the_given_networks" {
  command = plan

  variables {
    endpoint_public_access = true
    public_access_cidrs    = ["203.0.113.7/32"]
    access_entries = {
      deployer = { principal_arn = "arn:aws:iam::111122223333:role/deployer", policy = "AmazonEKSClusterAdminPolicy" }
      reader   = { principal_arn = "arn:aws:iam::111122223333:role/reader", policy = "AmazonEKSViewPolicy", namespaces = ["voting-test"] }
    }
  }

  assert {
    condition     = aws_eks_cluster.this.vpc_config[0].public_access_cidrs == toset(["203.0.113.7/32"])
    error_message = "Only the listed networks may reach the API."
  }

  assert {
    condition     = aws_eks_access_policy_association.this["reader"].access_scope[0].type == "namespace" && aws_eks_access_policy_association.this["deployer"].access_scope[0].type == "cluster"
    error_message = "Namespaces must limit an entry."
  }
}

run "refuses_a_public_endpoint_for_nobody" {
  command         = plan
  expect_failures = [var.public_access_cidrs]

  variables {
    endpoint_public_access = true
  }
}

run "refuses_networks_for_a_private_endpoint" {
  command         = plan
  expect_failures = [var.public_access_cidrs]

  variables {
    public_access_cidrs = ["203.0.113.7/32"]
  }
}

run "refuses_what_is_no_network" {
  command         = plan
  expect_failures = [var.public_access_cidrs]

  variables {
    endpoint_public_access = true
    public_access_cidrs    = ["203.0.113.7"]
  }
}

run "refuses_a_version_without_support" {
  command         = plan
  expect_failures = [var.kubernetes_version]

  variables {
    kubernetes_version = "1.33"
  }
}

run "refuses_fewer_than_three_zones" {
  command         = plan
  expect_failures = [var.subnet_ids]

  variables {
    subnet_ids = ["subnet-1", "subnet-2", "subnet-2"]
  }
}

run "refuses_sizes_that_contradict_each_other" {
  command         = plan
  expect_failures = [var.node_groups]

  variables {
    node_groups = { general = { instance_types = ["m7i-flex.large"], min_size = 3, desired_size = 2, max_size = 4 } }
  }
}

run "refuses_an_unknown_access_policy" {
  command         = plan
  expect_failures = [var.access_entries]

  variables {
    access_entries = { root = { principal_arn = "arn:aws:iam::111122223333:role/x", policy = "AdministratorAccess" } }
  }
}
