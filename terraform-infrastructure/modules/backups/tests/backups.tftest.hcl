mock_provider "aws" {
  override_during = plan

  mock_resource "aws_s3_bucket" {
    defaults = { arn = "arn:aws:s3:::voting-app-test-backups-111122223333", id = "voting-app-test-backups-111122223333" }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::111122223333:role/voting-test-postgresql-backup" }
  }
}

variables {
  environment  = "test"
  region       = "us-east-1"
  account_id   = "111122223333"
  cluster_name = "voting-test"
}

run "keeps_what_it_is_given" {
  command = plan

  assert {
    condition     = aws_s3_bucket_versioning.this.versioning_configuration[0].status == "Enabled" && one(one(aws_s3_bucket_server_side_encryption_configuration.this.rule).apply_server_side_encryption_by_default).sse_algorithm == "AES256"
    error_message = "Dumps must be encrypted, and outlive what overwrites them."
  }

  assert {
    condition     = one(aws_s3_bucket_lifecycle_configuration.this.rule).expiration[0].days == 35 && one(aws_s3_bucket_lifecycle_configuration.this.rule).noncurrent_version_expiration[0].noncurrent_days == 35
    error_message = "Dumps must be forgotten in the end."
  }

  assert {
    condition     = !aws_s3_bucket.this.force_destroy && aws_s3_bucket_public_access_block.this.block_public_policy && aws_s3_bucket_public_access_block.this.restrict_public_buckets
    error_message = "Dumps are not deleted by the way, and are nobody else's."
  }

  assert {
    condition     = jsondecode(aws_s3_bucket_policy.this.policy).Statement[0].Condition.Bool["aws:SecureTransport"] == "false"
    error_message = "Dumps travel over TLS only."
  }
}

run "pods_add_dumps_and_nothing_else" {
  command = plan

  assert {
    condition     = aws_eks_pod_identity_association.writer.namespace == "voting-test" && aws_eks_pod_identity_association.writer.service_account == "postgresql-backup-sa"
    error_message = "The role is for the service account of the chart's dumps."
  }
}

run "can_be_destroyed_when_asked" {
  command = plan

  variables {
    keep_when_destroyed = false
  }

  assert {
    condition     = aws_s3_bucket.this.force_destroy
    error_message = "dev is to be gone at once."
  }
}
