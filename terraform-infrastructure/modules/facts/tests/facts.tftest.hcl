mock_provider "aws" {
  override_during = plan
}

variables {
  environment   = "test"
  vpc_id        = "vpc-1"
  backup_bucket = "backups"
}

run "says_what_was_made" {
  command = plan

  assert {
    condition     = nonsensitive(jsondecode(aws_ssm_parameter.this.value)) == { vpcId = "vpc-1", backupBucket = "backups", managedStores = null, domain = null }
    error_message = "The programs must find the facts under these names."
  }
}
