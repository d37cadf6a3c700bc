locals {
  buckets = [local.arn.artifacts_bucket, local.arn.backups_bucket]

  # by the names of things: one environment's name does not begin another's
  named = concat(
    [for type in ["db", "pg", "snapshot", "subgrp"] : "rds:${var.region}:${var.account_id}:${type}"],
    [for type in ["parametergroup", "replicationgroup", "subnetgroup", "user", "usergroup"] : "elasticache:${var.region}:${var.account_id}:${type}"],
  )

  stores = [
    {
      Sid      = "OwnSecrets"
      Effect   = "Allow"
      Action   = ["secretsmanager:CreateSecret", "secretsmanager:DeleteSecret", "secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue", "secretsmanager:RestoreSecret", "secretsmanager:TagResource", "secretsmanager:UntagResource", "secretsmanager:UpdateSecret", "secretsmanager:UpdateSecretVersionStage"]
      Resource = local.arn.secrets
    },
    {
      Sid    = "OwnDataStores"
      Effect = "Allow"
      Action = ["rds:*", "elasticache:*", "cloudformation:*"]
      Resource = concat(
        [for thing in local.named : "arn:aws:${thing}:${local.name}"],
        [for thing in local.named : "arn:aws:${thing}:${local.name}-*"],
        ["arn:aws:cloudformation:${var.region}:${var.account_id}:stack/${local.name}-*"],
      )
    },
    {
      # a database without an option group of its own gets the version's: the example policies of
      # https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/security_iam_id-based-policy-examples.html
      Sid      = "DefaultOptionsOfDatabases"
      Effect   = "Allow"
      Action   = ["rds:CreateDBInstance", "rds:ModifyDBInstance"]
      Resource = "arn:aws:rds:${var.region}:${var.account_id}:og:default:*"
    },
    {
      Sid    = "Buckets"
      Effect = "Allow"
      Action = [
        "s3:CreateBucket", "s3:DeleteBucket", "s3:DeleteBucketPolicy", "s3:ListBucketVersions",
        "s3:PutBucketPolicy", "s3:PutBucketPublicAccessBlock", "s3:PutBucketTagging", "s3:PutBucketVersioning", "s3:PutEncryptionConfiguration", "s3:PutLifecycleConfiguration",
      ]
      Resource = local.buckets
    },
    {
      # dumps it cannot delete
      Sid      = "EmptyArtifacts"
      Effect   = "Allow"
      Action   = ["s3:DeleteObject", "s3:DeleteObjectVersion"]
      Resource = "${local.arn.artifacts_bucket}/*"
    },
  ]
}
