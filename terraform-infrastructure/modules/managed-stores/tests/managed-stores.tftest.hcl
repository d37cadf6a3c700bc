# Against an AWS emulator, because Terraform has no mocks for what is ephemeral.
provider "aws" {
  region = "us-east-1"
}

variables {
  environment              = "test"
  vpc_id                   = "vpc-1"
  subnet_ids               = ["subnet-1", "subnet-2", "subnet-3"]
  client_security_group_id = "sg-cluster"
}

run "secrets" {
  module {
    source = "../secrets-manager"
  }

  variables {
    environment             = "stores"
    region                  = "us-east-1"
    account_id              = "123456789012"
    recovery_window_in_days = 0
  }
}

run "stores" {
  command = plan

  variables {
    postgresql_secret = { arn = run.secrets.secret_arns.postgresql, version = 3 }
    redis_secret      = { arn = run.secrets.secret_arns.redis, version_id = run.secrets.secret_version_ids.redis }
  }

  assert {
    condition     = { for name, rule in aws_vpc_security_group_ingress_rule.this : name => "${rule.referenced_security_group_id}:${rule.from_port}" } == { postgresql = "sg-cluster:5432", valkey = "sg-cluster:6379" }
    error_message = "The stores must admit the cluster, on their port, and nobody else."
  }

  assert {
    condition     = !aws_db_instance.this.publicly_accessible
    error_message = "The database must not be on the internet."
  }

  assert {
    condition     = aws_db_instance.this.multi_az && aws_db_instance.this.deletion_protection && aws_db_instance.this.backup_retention_period >= 7
    error_message = "The database must outlive a zone and a slip of the hand."
  }

  assert {
    condition     = aws_elasticache_replication_group.this.multi_az_enabled && aws_elasticache_replication_group.this.automatic_failover_enabled && aws_elasticache_replication_group.this.num_cache_clusters == 2
    error_message = "The queue must have a second node in another zone."
  }

  assert {
    condition     = one(aws_elasticache_parameter_group.this.parameter).name == "maxmemory-policy" && one(aws_elasticache_parameter_group.this.parameter).value == "noeviction"
    error_message = "The queue must refuse votes rather than forget them."
  }

  assert {
    condition     = aws_db_instance.this.storage_encrypted && one(aws_db_parameter_group.this.parameter).name == "rds.force_ssl" && one(aws_db_parameter_group.this.parameter).value == "1"
    error_message = "The database must be encrypted on disk and on the way."
  }

  assert {
    condition     = aws_elasticache_replication_group.this.at_rest_encryption_enabled == "true" && aws_elasticache_replication_group.this.transit_encryption_enabled && aws_elasticache_replication_group.this.transit_encryption_mode == "required"
    error_message = "The queue must be encrypted on disk and on the way."
  }

  assert {
    condition     = aws_db_instance.this.password == null && aws_db_instance.this.password_wo_version == 3
    error_message = "The database's password must be written only."
  }

  assert {
    condition     = aws_elasticache_replication_group.this.auth_token == null
    error_message = "An auth token would be in the state."
  }

  assert {
    condition     = strcontains(aws_cloudformation_stack.valkey_user.template_body, "{{resolve:secretsmanager:${run.secrets.secret_arns.redis}:SecretString:::${run.secrets.secret_version_ids.redis}}}")
    error_message = "CloudFormation must fetch the queue's password itself, and again when it is renewed."
  }
}

run "can_be_destroyed_when_asked" {
  command = plan

  variables {
    deletion_protection = false
    postgresql_secret   = { arn = run.secrets.secret_arns.postgresql, version = 3 }
    redis_secret        = { arn = run.secrets.secret_arns.redis, version_id = run.secrets.secret_version_ids.redis }
  }

  assert {
    condition     = !aws_db_instance.this.deletion_protection && aws_db_instance.this.skip_final_snapshot
    error_message = "Without protection nothing may stand in the way."
  }
}

run "refuses_one_zone" {
  command         = plan
  expect_failures = [var.subnet_ids]

  variables {
    subnet_ids        = ["subnet-1"]
    postgresql_secret = { arn = run.secrets.secret_arns.postgresql, version = 3 }
    redis_secret      = { arn = run.secrets.secret_arns.redis, version_id = run.secrets.secret_version_ids.redis }
  }
}
