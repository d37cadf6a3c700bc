locals {
  env     = read_terragrunt_config(find_in_parent_folders("env.hcl")).locals
  account = read_terragrunt_config(find_in_parent_folders("account.hcl")).locals
}

terraform {
  source = "${dirname(find_in_parent_folders("root.hcl"))}/modules//github-oidc"
}

inputs = {
  region               = local.account.region
  account_id           = local.account.account_id
  github_repository    = local.account.github_repository
  create_oidc_provider = local.account.create_oidc_provider
  domain               = local.env.domain
  state_bucket         = "voting-app-terraform-state-${local.account.account_id}"
}
