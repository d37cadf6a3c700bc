# The ceiling of every role that the environment's modules make. The apply role may make roles only
# with this boundary, and may not change it: so it cannot make itself, or anybody, an administrator, nor
# reach another environment by a role of its making.
resource "aws_iam_policy" "boundary" {
  name        = "${local.name}-boundary"
  description = "The most that any role of ${local.name} can do"

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(local.own, local.boundary_domain, [
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
        # the agent of Session Manager, which gets neither parameters nor lists of commands
        Sid    = "SessionManager"
        Effect = "Allow"
        Action = [
          "ec2messages:*", "ssmmessages:*",
          "ssm:DescribeAssociation", "ssm:DescribeDocument", "ssm:GetDeployablePatchSnapshotForInstance", "ssm:GetDocument", "ssm:GetManifest", "ssm:List*Associations",
          "ssm:PutComplianceItems", "ssm:PutConfigurePackageResult", "ssm:PutInventory", "ssm:Update*AssociationStatus", "ssm:UpdateInstanceInformation",
        ]
        Resource = "*"
      },
      {
        Sid      = "OwnLogs"
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
        Resource = local.arn.logs
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
      {
        Sid      = "NewDumps"
        Effect   = "Allow"
        Action   = ["s3:PutObject", "s3:AbortMultipartUpload"]
        Resource = "${local.arn.backups_bucket}/*"
      },
    ])
  })
}
