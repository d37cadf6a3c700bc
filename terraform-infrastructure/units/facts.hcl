locals {
  mocks = read_terragrunt_config(find_in_parent_folders("units/mocks.hcl")).locals
}

terraform {
  source = "${dirname(find_in_parent_folders("root.hcl"))}/modules//facts"
}

dependency "vpc" {
  config_path                             = "${get_terragrunt_dir()}/../vpc"
  mock_outputs                            = local.mocks.vpc
  mock_outputs_allowed_terraform_commands = local.mocks.commands
}

dependency "data_stores" {
  config_path                             = "${get_terragrunt_dir()}/../data-stores"
  mock_outputs                            = local.mocks.data_stores
  mock_outputs_allowed_terraform_commands = local.mocks.commands
}

dependency "backups" {
  config_path                             = "${get_terragrunt_dir()}/../backups"
  mock_outputs                            = local.mocks.backups
  mock_outputs_allowed_terraform_commands = local.mocks.commands
}

dependency "domain" {
  config_path                             = "${get_terragrunt_dir()}/../domain"
  mock_outputs                            = local.mocks.domain
  mock_outputs_allowed_terraform_commands = local.mocks.commands
}

# Terraform does not keep an output that is null
inputs = {
  vpc_id         = dependency.vpc.outputs.vpc_id
  backup_bucket  = dependency.backups.outputs.bucket
  managed_stores = try(dependency.data_stores.outputs.managed, null)
  domain         = try(dependency.domain.outputs.domain, null)
}
