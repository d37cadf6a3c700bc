# Against an AWS emulator, because Terraform has no mocks for what is ephemeral.
provider "aws" {
  region = "us-east-1"
}

variables {
  environment = "test"
  region      = "us-east-1"
  account_id  = "123456789012"
}

run "secrets" {
  command = apply

  assert {
    condition     = output.secret_names == { for key in ["postgresql", "postgresql-worker", "postgresql-reader", "postgresql-host", "redis", "voter", "host"] : key => "voting-app/test/${key}" }
    error_message = "The charts look for these names."
  }

  assert {
    condition     = alltrue([for secret in aws_secretsmanager_secret.this : secret.kms_key_id == aws_kms_key.secrets.arn]) && aws_kms_key.secrets.enable_key_rotation
    error_message = "Secrets must be encrypted with a key of their own that is rotated."
  }

  assert {
    condition     = alltrue([for version in aws_secretsmanager_secret_version.this : version.secret_string == "" && version.secret_string_wo_version == 1])
    error_message = "A secret's value must be written only, or the state would have it."
  }
}

run "one_secret_is_renewed_alone" {
  command = apply

  variables {
    secret_versions = { redis = 2 }
  }

  assert {
    condition     = { for key, version in aws_secretsmanager_secret_version.this : key => version.secret_string_wo_version } == { postgresql = 1, postgresql-worker = 1, postgresql-reader = 1, postgresql-host = 1, redis = 2, voter = 1, host = 1 }
    error_message = "Raising one number must leave the other secrets alone."
  }
}

run "external_secrets_reads_its_prefix_only" {
  command = apply

  assert {
    condition = toset(local.external_secrets_policy.Statement[*].Resource) == toset([
      "arn:aws:secretsmanager:us-east-1:123456789012:secret:voting-app/test/*",
      aws_kms_key.secrets.arn,
    ])
    error_message = "External Secrets must not see secrets of others."
  }
}

run "the_controller_has_what_its_release_asks_for" {
  command = apply

  assert {
    condition     = jsondecode(aws_iam_policy.load_balancer_controller.policy) == jsondecode(file("policies/aws-load-balancer-controller-3.5.0.json"))
    error_message = "The policy must be the release's own."
  }

  assert {
    condition = length(setsubtract([
      "ec2:GetSecurityGroupsForVpc",
      "elasticloadbalancing:AddListenerCertificates",
      "elasticloadbalancing:DescribeListenerAttributes",
      "elasticloadbalancing:ModifyListenerAttributes",
      "elasticloadbalancing:RemoveListenerCertificates",
      "elasticloadbalancing:SetRulePriorities",
    ], flatten(jsondecode(aws_iam_policy.load_balancer_controller.policy).Statement[*].Action))) == 0
    error_message = "Older copies of the policy lack these actions."
  }

  assert {
    condition     = length(aws_iam_policy.load_balancer_controller.policy) <= 6144
    error_message = "IAM takes no longer policy."
  }
}

run "a_secret_that_is_brought_back_finds_its_key" {
  command = plan

  variables {
    recovery_window_in_days = 30
  }

  assert {
    condition     = aws_kms_key.secrets.deletion_window_in_days == 30
    error_message = "The key must live as long as the secrets that it encrypts can come back."
  }
}

run "refuses_a_recovery_window_that_aws_does_not_have" {
  command         = plan
  expect_failures = [var.recovery_window_in_days]

  variables {
    recovery_window_in_days = 3
  }
}
