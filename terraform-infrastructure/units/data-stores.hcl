locals {
  env   = read_terragrunt_config(find_in_parent_folders("env.hcl")).locals
  mocks = read_terragrunt_config(find_in_parent_folders("units/mocks.hcl")).locals
}

terraform {
  source = "${dirname(find_in_parent_folders("root.hcl"))}/modules//data-stores"
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

dependency "eks_cluster" {
  config_path                             = "${get_terragrunt_dir()}/../eks-cluster"
  mock_outputs                            = local.mocks.eks_cluster
  mock_outputs_allowed_terraform_commands = local.mocks.commands
}

inputs = {
  kind                     = local.env.data_stores
  vpc_id                   = dependency.vpc.outputs.vpc_id
  subnet_ids               = dependency.vpc.outputs.private_subnet_ids
  subnet_cidrs             = dependency.vpc.outputs.private_subnet_cidrs
  client_security_group_id = dependency.eks_cluster.outputs.cluster_security_group_id
  deletion_protection      = local.env.keep_when_destroyed
  postgresql_secret        = { arn = dependency.secrets_manager.outputs.secret_arns.postgresql, version = local.env.secret_versions.postgresql }
  redis_secret             = { arn = dependency.secrets_manager.outputs.secret_arns.redis, version_id = dependency.secrets_manager.outputs.secret_version_ids.redis }
}
