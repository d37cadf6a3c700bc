# Against an AWS emulator, because Terraform has no mocks for what is ephemeral.
provider "aws" {
  region = "us-east-1"
}

variables {
  environment              = "test"
  vpc_id                   = "vpc-1"
  subnet_ids               = ["subnet-1", "subnet-2", "subnet-3"]
  subnet_cidrs             = ["10.0.11.0/24", "10.0.12.0/24", "10.0.13.0/24"]
  client_security_group_id = "sg-cluster"
  postgresql_secret        = { arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:x", version = 1 }
  redis_secret             = { arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:y", version_id = "1" }
}

run "makes_nothing_when_the_stores_are_in_the_cluster" {
  command = plan

  variables {
    kind = "in-cluster"
  }

  assert {
    condition     = length(module.managed) == 0 && output.managed == null && output.kind == "in-cluster"
    error_message = "Whoever keeps the stores in the cluster must not pay for others."
  }
}

run "secrets" {
  module {
    source = "../secrets-manager"
  }

  variables {
    environment             = "choice"
    region                  = "us-east-1"
    account_id              = "123456789012"
    recovery_window_in_days = 0
  }
}

run "says_where_the_managed_ones_are" {
  command = plan

  variables {
    kind              = "managed"
    postgresql_secret = { arn = run.secrets.secret_arns.postgresql, version = 1 }
    redis_secret      = { arn = run.secrets.secret_arns.redis, version_id = run.secrets.secret_version_ids.redis }
  }

  assert {
    condition     = length(module.managed) == 1 && output.kind == "managed"
    error_message = "The managed stores must be made."
  }
}

run "refuses_another_kind" {
  command         = plan
  expect_failures = [var.kind]

  variables {
    kind = "rds"
  }
}
