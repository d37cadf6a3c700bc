locals {
  cluster = [
    {
      Sid      = "OwnCluster"
      Effect   = "Allow"
      Action   = "eks:*"
      Resource = ["arn:aws:eks:${var.region}:${var.account_id}:*/${local.name}", "arn:aws:eks:${var.region}:${var.account_id}:*/${local.name}/*"]
    },
    {
      Sid       = "NewKeys"
      Effect    = "Allow"
      Action    = ["kms:CreateKey", "kms:TagResource"]
      Resource  = "*"
      Condition = { StringEquals = { "aws:RequestTag/Project" = "voting-app", "aws:RequestTag/Environment" = var.environment } }
    },
    {
      Sid      = "OwnKeys"
      Effect   = "Allow"
      Action   = ["kms:CreateAlias", "kms:CreateGrant", "kms:Decrypt", "kms:DeleteAlias", "kms:EnableKeyRotation", "kms:GenerateDataKey*", "kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "kms:TagResource", "kms:UntagResource", "kms:UpdateKeyDescription"]
      Resource = "arn:aws:kms:${var.region}:${var.account_id}:key/*"
      Condition = {
        StringEquals = { "aws:ResourceTag/Project" = "voting-app", "aws:ResourceTag/Environment" = var.environment }
      }
    },
    {
      Sid      = "OwnAliases"
      Effect   = "Allow"
      Action   = ["kms:CreateAlias", "kms:DeleteAlias", "kms:UpdateAlias"]
      Resource = "arn:aws:kms:${var.region}:${var.account_id}:alias/${local.name}-*"
    },
    {
      Sid    = "OwnLogs"
      Effect = "Allow"
      Action = ["logs:AssociateKmsKey", "logs:CreateLogGroup", "logs:DeleteLogGroup", "logs:PutRetentionPolicy", "logs:TagResource", "logs:UntagResource", "logs:CreateLogDelivery", "logs:DeleteLogDelivery"]
      Resource = [
        "arn:aws:logs:${var.region}:${var.account_id}:log-group:/aws/eks/${local.name}/*",
        "arn:aws:logs:${var.region}:${var.account_id}:log-group:/aws/vpc/${local.name}*",
      ]
    },
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
      Resource = [
        "arn:aws:rds:${var.region}:${var.account_id}:*:${local.name}*",
        "arn:aws:elasticache:${var.region}:${var.account_id}:*:${local.name}*",
        "arn:aws:cloudformation:${var.region}:${var.account_id}:stack/${local.name}-*",
      ]
    },
  ]
}
