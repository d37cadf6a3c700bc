# Stand-ins for what a unit gives to others, so that everything can be planned before anything is there.
# Terragrunt is told to use them for what changes nothing; show reads a plan that was made of them.
locals {
  commands = ["validate", "plan", "show"]

  github_oidc = {
    permissions_boundary_arn = "arn:aws:iam::000000000000:policy/mock"
  }

  vpc = {
    vpc_id               = "vpc-00000000"
    vpc_cidr             = "10.0.0.0/16"
    private_subnet_ids   = ["subnet-00000001", "subnet-00000002", "subnet-00000003"]
    private_subnet_cidrs = ["10.0.11.0/24", "10.0.12.0/24", "10.0.13.0/24"]
    s3_prefix_list_id    = "pl-00000000"
  }

  secrets_manager = {
    external_secrets_role_arn         = "arn:aws:iam::000000000000:role/mock"
    load_balancer_controller_role_arn = "arn:aws:iam::000000000000:role/mock"
    secret_arns = {
      postgresql = "arn:aws:secretsmanager:us-east-1:000000000000:secret:mock"
      redis      = "arn:aws:secretsmanager:us-east-1:000000000000:secret:mock"
    }
    secret_version_ids = { redis = "00000000-0000-0000-0000-000000000000" }
  }

  eks_cluster = {
    cluster_name                  = "mock"
    cluster_endpoint              = "https://mock.eks.amazonaws.com"
    cluster_certificate_authority = "bW9jaw=="
    cluster_security_group_id     = "sg-00000000"
  }

  data_stores = { managed = null }
  backups     = { bucket = "mock" }
  domain      = { domain = null }
}
