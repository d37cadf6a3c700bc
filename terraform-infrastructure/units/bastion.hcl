locals {
  account = read_terragrunt_config(find_in_parent_folders("account.hcl")).locals
  mocks   = read_terragrunt_config(find_in_parent_folders("units/mocks.hcl")).locals
}

terraform {
  source = "${dirname(find_in_parent_folders("root.hcl"))}/modules//bastion"
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

dependency "eks_cluster" {
  config_path                             = "${get_terragrunt_dir()}/../eks-cluster"
  mock_outputs                            = local.mocks.eks_cluster
  mock_outputs_allowed_terraform_commands = local.mocks.commands
}

inputs = {
  region                        = local.account.region
  account_id                    = local.account.account_id
  vpc_id                        = dependency.vpc.outputs.vpc_id
  vpc_cidr                      = dependency.vpc.outputs.vpc_cidr
  subnet_id                     = dependency.vpc.outputs.private_subnet_ids[0]
  s3_prefix_list_id             = dependency.vpc.outputs.s3_prefix_list_id
  cluster_name                  = dependency.eks_cluster.outputs.cluster_name
  cluster_endpoint              = dependency.eks_cluster.outputs.cluster_endpoint
  cluster_certificate_authority = dependency.eks_cluster.outputs.cluster_certificate_authority
  cluster_security_group_id     = dependency.eks_cluster.outputs.cluster_security_group_id
  permissions_boundary_arn      = dependency.github_oidc.outputs.permissions_boundary_arn
}
