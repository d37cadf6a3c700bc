locals {
  account = read_terragrunt_config(find_in_parent_folders("account.hcl")).locals
  env     = read_terragrunt_config(find_in_parent_folders("env.hcl")).locals
  mocks   = read_terragrunt_config(find_in_parent_folders("units/mocks.hcl")).locals

  operators = compact([for arn in split(",", local.account.operators) : trimspace(arn)])
  cidrs     = local.env.public_endpoint ? compact([for cidr in split(",", local.account.cluster_api_cidrs) : trimspace(cidr)]) : []
}

terraform {
  source = "${dirname(find_in_parent_folders("root.hcl"))}/modules//eks-cluster"
}

dependency "github_oidc" {
  config_path                             = "${get_terragrunt_dir()}/../github-oidc"
  mock_outputs                            = local.mocks.github_oidc
  mock_outputs_allowed_terraform_commands = local.mocks.commands
}

dependency "vpc" {
  config_path                             = "${get_terragrunt_dir()}/../vpc"
  mock_outputs                            = local.mocks.vpc
  mock_outputs_allowed_terraform_commands = local.mocks.commands
}

dependency "secrets_manager" {
  config_path                             = "${get_terragrunt_dir()}/../secrets-manager"
  mock_outputs                            = local.mocks.secrets_manager
  mock_outputs_allowed_terraform_commands = local.mocks.commands
}

inputs = {
  region             = local.account.region
  account_id         = local.account.account_id
  kubernetes_version = local.env.kubernetes_version
  node_groups        = local.env.node_groups
  log_retention_days = local.env.log_retention_days
  subnet_ids         = dependency.vpc.outputs.private_subnet_ids

  # nobody named: inside the VPC only
  endpoint_public_access = length(local.cidrs) > 0
  public_access_cidrs    = local.cidrs

  access_entries = merge(local.env.access_entries, {
    for arn in local.operators : arn => { principal_arn = arn, policy = "AmazonEKSClusterAdminPolicy" }
  })

  external_secrets_role_arn         = dependency.secrets_manager.outputs.external_secrets_role_arn
  load_balancer_controller_role_arn = dependency.secrets_manager.outputs.load_balancer_controller_role_arn
  permissions_boundary_arn          = dependency.github_oidc.outputs.permissions_boundary_arn
}
