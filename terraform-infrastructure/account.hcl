# The one file that a fork changes. A variable of the environment comes before the value here. An
# environment with an AWS account of its own gets a file like this beside its env.hcl: the nearest counts.
locals {
  # Terraform refuses to touch any other account
  account_id = get_env("AWS_ACCOUNT_ID", "000000000000")
  region     = get_env("AWS_REGION", "us-east-1")

  # as the subject of GitHub's tokens names it, ids and all: see docs/AWS_OIDC_SETUP.md
  github_repository = get_env("GITHUB_OIDC_REPOSITORY", "owner@1/voting-app@2")

  # from where the dev cluster's API may be reached, separated by commas, such as 203.0.113.7/32
  cluster_api_cidrs = get_env("CLUSTER_API_CIDRS", "")
}
