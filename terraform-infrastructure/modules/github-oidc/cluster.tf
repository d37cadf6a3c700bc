locals {
  keys = [
    {
      Sid       = "NewKeys"
      Effect    = "Allow"
      Action    = "kms:CreateKey"
      Resource  = "*"
      Condition = local.tagging
    },
    {
      # on the way to be made a key has no tags yet; with those of another environment it is out of reach
      Sid      = "TagsOfKeys"
      Effect   = "Allow"
      Action   = "kms:TagResource"
      Resource = "arn:aws:kms:${var.region}:${var.account_id}:key/*"
      Condition = {
        StringEquals         = local.tagging.StringEquals
        StringEqualsIfExists = local.tagged.StringEquals
      }
    },
    {
      Sid       = "OwnKeys"
      Effect    = "Allow"
      Action    = ["kms:CreateAlias", "kms:CreateGrant", "kms:Decrypt", "kms:DeleteAlias", "kms:EnableKeyRotation", "kms:GenerateDataKey*", "kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "kms:UpdateAlias", "kms:UpdateKeyDescription"]
      Resource  = "arn:aws:kms:${var.region}:${var.account_id}:key/*"
      Condition = local.tagged
    },
    {
      Sid      = "OwnAliases"
      Effect   = "Allow"
      Action   = ["kms:CreateAlias", "kms:DeleteAlias", "kms:UpdateAlias"]
      Resource = "arn:aws:kms:${var.region}:${var.account_id}:alias/${local.name}-*"
    },
  ]

  cluster = [
    {
      Sid      = "OwnCluster"
      Effect   = "Allow"
      Action   = "eks:*"
      Resource = local.arn.cluster
    },
    {
      Sid      = "OwnLogs"
      Effect   = "Allow"
      Action   = ["logs:AssociateKmsKey", "logs:CreateLogGroup", "logs:DeleteLogGroup", "logs:PutRetentionPolicy", "logs:TagResource", "logs:UntagResource"]
      Resource = local.arn.logs
    },
    {
      Sid      = "OwnFacts"
      Effect   = "Allow"
      Action   = ["ssm:AddTagsToResource", "ssm:DeleteParameter", "ssm:PutParameter", "ssm:RemoveTagsFromResource"]
      Resource = local.arn.parameters
    },
  ]
}
