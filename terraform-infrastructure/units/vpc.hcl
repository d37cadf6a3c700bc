locals {
  account = read_terragrunt_config(find_in_parent_folders("account.hcl")).locals
  env     = read_terragrunt_config(find_in_parent_folders("env.hcl")).locals
  mocks   = read_terragrunt_config(find_in_parent_folders("units/mocks.hcl")).locals
}

terraform {
  source = "${dirname(find_in_parent_folders("root.hcl"))}/modules//vpc"
}

dependency "github_oidc" {
  config_path                             = "${get_terragrunt_dir()}/../github-oidc"
  mock_outputs                            = local.mocks.github_oidc
  mock_outputs_allowed_terraform_commands = local.mocks.commands
}

inputs = {
  region                   = local.account.region
  account_id               = local.account.account_id
  single_nat_gateway       = local.env.single_nat_gateway
  interface_endpoints      = local.env.interface_endpoints
  flow_logs                = local.env.flow_logs
  log_retention_days       = local.env.log_retention_days
  permissions_boundary_arn = dependency.github_oidc.outputs.permissions_boundary_arn
}
