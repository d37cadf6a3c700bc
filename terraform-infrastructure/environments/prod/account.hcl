# What a fork changes: the account of this environment. An account for each environment is the default,
# and the only wall that no policy can have a hole in. A variable of the process environment, where it is
# set and not empty, comes before the value here.
locals {
  # Terraform refuses to touch any other account
  account_id = coalesce(get_env("AWS_ACCOUNT_ID", ""), "000000000000")
  region     = coalesce(get_env("AWS_REGION", ""), "us-east-1")

  # as the subject of GitHub's tokens names it, ids and all: see docs/AWS_OIDC_SETUP.md
  github_repository = coalesce(get_env("GITHUB_OIDC_REPOSITORY", ""), "owner@1/voting-app@2")

  # An account has one provider for GitHub's tokens: false where another environment has made it.
  create_oidc_provider = coalesce(get_env("CREATE_OIDC_PROVIDER", ""), "true") == "true"

  # Lists, separated by commas. Who administers the cluster by kubectl: ARNs of IAM roles or users.
  operators = get_env("CLUSTER_OPERATORS", "")
  # From where its API may be reached on the internet, such as 203.0.113.7/32; empty for the VPC only.
  cluster_api_cidrs = get_env("CLUSTER_API_CIDRS", "")
}
