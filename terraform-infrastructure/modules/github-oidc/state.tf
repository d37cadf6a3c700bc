locals {
  state_objects = "${local.arn.state_bucket}/environments/${var.environment}"

  state_bucket = {
    Sid      = "StateBucket"
    Effect   = "Allow"
    Action   = ["s3:GetBucketLocation", "s3:GetBucketVersioning", "s3:GetEncryptionConfiguration", "s3:ListBucket"]
    Resource = local.arn.state_bucket
  }

  # a plan takes the lock as well, and the lock is an object
  plan_state = [
    local.state_bucket,
    {
      Sid      = "ReadState"
      Effect   = "Allow"
      Action   = "s3:GetObject"
      Resource = "${local.state_objects}/*"
    },
    {
      Sid      = "LockState"
      Effect   = "Allow"
      Action   = ["s3:PutObject", "s3:DeleteObject"]
      Resource = "${local.state_objects}/*.tflock"
    },
  ]

  apply_state = [
    local.state_bucket,
    {
      Sid      = "WriteState"
      Effect   = "Allow"
      Action   = ["s3:GetObject", "s3:PutObject"]
      Resource = "${local.state_objects}/*"
    },
    {
      Sid      = "UnlockState"
      Effect   = "Allow"
      Action   = "s3:DeleteObject"
      Resource = "${local.state_objects}/*.tflock"
    },
  ]
}
