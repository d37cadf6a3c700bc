# What a plan needs: to see what is there. No secret's value is among it.
locals {
  read = [
    {
      Sid    = "Describe"
      Effect = "Allow"
      Action = [
        "acm:DescribeCertificate", "acm:ListTagsForCertificate",
        "autoscaling:Describe*",
        "ec2:Describe*", "ec2:GetManagedPrefixListEntries", "ec2:GetSecurityGroupsForVpc",
        "eks:DescribeAddonVersions", "eks:DescribeClusterVersions",
        "elasticache:Describe*", "elasticache:ListTagsForResource",
        "kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListAliases", "kms:ListResourceTags",
        "logs:DescribeLogGroups", "logs:ListTagsForResource",
        "rds:Describe*", "rds:ListTagsForResource",
        "route53:GetChange",
        "secretsmanager:GetRandomPassword",
        "ssm:DescribeParameters",
        "sts:GetCallerIdentity",
      ]
      Resource = "*"
    },
    {
      Sid      = "OwnCluster"
      Effect   = "Allow"
      Action   = ["eks:Describe*", "eks:List*"]
      Resource = local.arn.cluster
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
      Sid      = "SettingsOfBuckets"
      Effect   = "Allow"
      Action   = ["s3:GetAccelerateConfiguration", "s3:GetBucket*", "s3:GetEncryptionConfiguration", "s3:GetLifecycleConfiguration", "s3:GetReplicationConfiguration", "s3:ListBucket"]
      Resource = local.buckets
    },
    {
      Sid    = "StacksFactsAndImageOfTheBastion"
      Effect = "Allow"
      Action = ["cloudformation:DescribeStacks", "cloudformation:GetTemplate", "ssm:GetParameter", "ssm:ListTagsForResource"]
      Resource = [
        "arn:aws:cloudformation:${var.region}:${var.account_id}:stack/${local.name}-*",
        "arn:aws:ssm:${var.region}::parameter/aws/service/*",
        local.arn.parameters,
      ]
    },
    {
      Sid      = "RecordsOfTheDomain"
      Effect   = "Allow"
      Action   = ["route53:GetHostedZone", "route53:ListResourceRecordSets"]
      Resource = coalesce(local.arn.zone, "arn:aws:route53:::hostedzone/none")
    },
  ]
}
