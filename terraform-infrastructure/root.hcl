# What every unit has in common: its state, its provider and its environment.

terraform_binary              = "terraform"
terraform_version_constraint  = ">= 1.11"
terragrunt_version_constraint = ">= 1.0"

locals {
  account = read_terragrunt_config(find_in_parent_folders("account.hcl")).locals
  env     = read_terragrunt_config(find_in_parent_folders("env.hcl")).locals
}

remote_state {
  backend = "s3"

  generate = {
    path      = "backend.tf"
    if_exists = "overwrite_terragrunt"
  }

  config = {
    bucket              = "voting-app-terraform-state-${local.account.account_id}"
    key                 = "${path_relative_to_include()}/terraform.tfstate"
    region              = local.account.region
    encrypt             = true
    use_lockfile        = true
    allowed_account_ids = [local.account.account_id]
  }
}

generate "provider" {
  path      = "provider.tf"
  if_exists = "overwrite_terragrunt"
  contents  = <<-EOT
    provider "aws" {
      region              = "${local.account.region}"
      allowed_account_ids = ["${local.account.account_id}"]

      default_tags {
        tags = {
          Project     = "voting-app"
          Environment = "${local.env.environment}"
          ManagedBy   = "terraform"
        }
      }
    }
  EOT
}

inputs = {
  environment = local.env.environment
}
