# The ceiling of every role that the environment's modules make. The apply role may make roles only
# with this boundary, and may not change it: so it cannot make itself, or anybody, an administrator.
resource "aws_iam_policy" "boundary" {
  name        = "${local.name}-boundary"
  description = "The most that any role of ${local.name} can do"

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "ClusterNodesAndControllers"
        Effect = "Allow"
        Action = [
          "acm:DescribeCertificate", "acm:ListCertificates",
          "autoscaling:Describe*", "autoscaling:SetDesiredCapacity", "autoscaling:UpdateAutoScalingGroup",
          "cognito-idp:DescribeUserPoolClient",
          "ec2:*",
          "ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:BatchImportUpstreamImage", "ecr:GetAuthorizationToken", "ecr:GetDownloadUrlForLayer",
          "eks:Describe*", "eks-auth:AssumeRoleForPodIdentity",
          "elasticloadbalancing:*",
          "iam:CreateServiceLinkedRole", "iam:GetServerCertificate", "iam:ListServerCertificates",
          "kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey*",
          "shield:*Protection", "shield:GetSubscriptionState",
          "waf-regional:*WebACL*", "wafv2:*WebACL*",
        ]
        Resource  = "*"
        Condition = { StringEqualsIfExists = { "aws:RequestedRegion" = [var.region, "us-east-1"] } }
      },
      {
        Sid    = "LogsAndSessionManager"
        Effect = "Allow"
        Action = [
          "cloudwatch:PutMetricData",
          "ec2messages:*",
          "logs:CreateLogGroup", "logs:CreateLogStream", "logs:Describe*", "logs:PutLogEvents", "logs:PutRetentionPolicy",
          "ssm:Describe*", "ssm:Get*", "ssm:List*", "ssm:Put*", "ssm:Update*",
          "ssmmessages:*",
        ]
        Resource = "*"
      },
      {
        Sid      = "OwnSecrets"
        Effect   = "Allow"
        Action   = ["secretsmanager:DescribeSecret", "secretsmanager:GetResourcePolicy", "secretsmanager:GetSecretValue", "secretsmanager:ListSecretVersionIds"]
        Resource = local.arn.secrets
      },
      {
        Sid      = "OwnArtifacts"
        Effect   = "Allow"
        Action   = ["s3:GetObject", "s3:GetObjectVersion", "s3:ListBucket"]
        Resource = [local.arn.artifacts_bucket, "${local.arn.artifacts_bucket}/*"]
      },
    ]
  })
}
