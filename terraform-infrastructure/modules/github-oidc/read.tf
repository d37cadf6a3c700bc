# What a plan needs: to see what is there. No secret's value is among it.
locals {
  read = [
    {
      Sid    = "Describe"
      Effect = "Allow"
      Action = [
        "autoscaling:Describe*",
        "ec2:Describe*", "ec2:GetManagedPrefixListEntries", "ec2:GetSecurityGroupsForVpc",
        "eks:Describe*", "eks:List*",
        "elasticache:Describe*", "elasticache:ListTagsForResource",
        "kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListAliases", "kms:ListResourceTags",
        "logs:DescribeLogGroups", "logs:ListTagsForResource",
        "rds:Describe*", "rds:ListTagsForResource",
        "secretsmanager:GetRandomPassword",
        "sts:GetCallerIdentity",
      ]
      Resource = "*"
    },
    {
      Sid    = "RolesAndPolicies"
      Effect = "Allow"
      Action = [
        "iam:GetInstanceProfile", "iam:GetOpenIDConnectProvider", "iam:GetPolicy", "iam:GetPolicyVersion", "iam:GetRole", "iam:GetRolePolicy",
        "iam:ListAttachedRolePolicies", "iam:ListInstanceProfilesForRole", "iam:ListPolicyVersions", "iam:ListRolePolicies",
      ]
      Resource = [
        local.arn.roles, local.arn.provider,
        "arn:aws:iam::${var.account_id}:policy/${local.name}-*",
        "arn:aws:iam::${var.account_id}:instance-profile/${local.name}-*",
      ]
    },
    {
      Sid      = "SecretsWithoutTheirValues"
      Effect   = "Allow"
      Action   = ["secretsmanager:DescribeSecret", "secretsmanager:GetResourcePolicy", "secretsmanager:ListSecretVersionIds"]
      Resource = local.arn.secrets
    },
    {
      Sid      = "SettingsOfTheArtifactsBucket"
      Effect   = "Allow"
      Action   = ["s3:GetAccelerateConfiguration", "s3:GetBucket*", "s3:GetEncryptionConfiguration", "s3:GetLifecycleConfiguration", "s3:GetReplicationConfiguration", "s3:ListBucket"]
      Resource = local.arn.artifacts_bucket
    },
    {
      Sid      = "StacksAndImageOfTheBastion"
      Effect   = "Allow"
      Action   = ["cloudformation:DescribeStacks", "cloudformation:GetTemplate", "ssm:GetParameter"]
      Resource = ["arn:aws:cloudformation:${var.region}:${var.account_id}:stack/${local.name}-*", "arn:aws:ssm:${var.region}::parameter/aws/service/*"]
    },
  ]
}
