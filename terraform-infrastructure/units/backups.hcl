locals {
  account = read_terragrunt_config(find_in_parent_folders("account.hcl")).locals
  env     = read_terragrunt_config(find_in_parent_folders("env.hcl")).locals
  mocks   = read_terragrunt_config(find_in_parent_folders("units/mocks.hcl")).locals
}

terraform {
  source = "${dirname(find_in_parent_folders("root.hcl"))}/modules//backups"
}

dependency "github_oidc" {
  config_path                             = "${get_terragrunt_dir()}/../github-oidc"
  mock_outputs                            = local.mocks.github_oidc
  mock_outputs_allowed_terraform_commands = local.mocks.commands
}

dependency "eks_cluster" {
  config_path                             = "${get_terragrunt_dir()}/../eks-cluster"
  mock_outputs                            = local.mocks.eks_cluster
  mock_outputs_allowed_terraform_commands = local.mocks.commands
}

inputs = {
  region                   = local.account.region
  account_id               = local.account.account_id
  cluster_name             = dependency.eks_cluster.outputs.cluster_name
  keep_when_destroyed      = local.env.keep_when_destroyed
  permissions_boundary_arn = dependency.github_oidc.outputs.permissions_boundary_arn
}
