locals {
  deploy = [
    {
      Sid      = "HandOverArtifacts"
      Effect   = "Allow"
      Action   = ["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject", "s3:DeleteObject", "s3:DeleteObjectVersion"]
      Resource = "${local.arn.artifacts_bucket}/*"
    },
    {
      Sid    = "ArtifactsBucket"
      Effect = "Allow"
      Action = [
        "s3:CreateBucket", "s3:DeleteBucket", "s3:DeleteBucketPolicy", "s3:ListBucketVersions",
        "s3:PutBucketPolicy", "s3:PutBucketPublicAccessBlock", "s3:PutBucketTagging", "s3:PutBucketVersioning", "s3:PutEncryptionConfiguration", "s3:PutLifecycleConfiguration",
      ]
      Resource = local.arn.artifacts_bucket
    },
    {
      Sid      = "ShellScriptsOnly"
      Effect   = "Allow"
      Action   = "ssm:SendCommand"
      Resource = "arn:aws:ssm:${var.region}::document/AWS-RunShellScript"
    },
    {
      Sid       = "OnTheBastionOnly"
      Effect    = "Allow"
      Action    = "ssm:SendCommand"
      Resource  = "arn:aws:ec2:${var.region}:${var.account_id}:instance/*"
      Condition = { StringEquals = { "ssm:resourceTag/Name" = "${local.name}-bastion" } }
    },
    {
      Sid      = "WatchCommands"
      Effect   = "Allow"
      Action   = ["ssm:CancelCommand", "ssm:DescribeInstanceInformation", "ssm:GetCommandInvocation", "ssm:ListCommandInvocations", "ssm:ListCommands"]
      Resource = "*"
    },
  ]
}
