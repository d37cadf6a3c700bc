locals {
  roles = [
    {
      Sid       = "RolesWithinTheBoundary"
      Effect    = "Allow"
      Action    = ["iam:AttachRolePolicy", "iam:CreateRole", "iam:DeleteRolePolicy", "iam:DetachRolePolicy", "iam:PutRolePolicy"]
      Resource  = local.arn.roles
      Condition = { StringEquals = { "iam:PermissionsBoundary" = local.arn.boundary } }
    },
    {
      Sid    = "OwnRolesAndPolicies"
      Effect = "Allow"
      Action = [
        "iam:DeleteRole", "iam:TagRole", "iam:UntagRole", "iam:UpdateAssumeRolePolicy", "iam:UpdateRole", "iam:UpdateRoleDescription",
        "iam:CreatePolicy", "iam:CreatePolicyVersion", "iam:DeletePolicy", "iam:DeletePolicyVersion", "iam:TagPolicy", "iam:UntagPolicy",
        "iam:AddRoleToInstanceProfile", "iam:CreateInstanceProfile", "iam:DeleteInstanceProfile", "iam:RemoveRoleFromInstanceProfile", "iam:TagInstanceProfile", "iam:UntagInstanceProfile",
      ]
      Resource = [
        local.arn.roles,
        "arn:aws:iam::${var.account_id}:policy/${local.name}-*",
        "arn:aws:iam::${var.account_id}:instance-profile/${local.name}-*",
      ]
    },
    {
      Sid       = "HandRolesToTheirServices"
      Effect    = "Allow"
      Action    = "iam:PassRole"
      Resource  = local.arn.roles
      Condition = { StringEquals = { "iam:PassedToService" = ["ec2.amazonaws.com", "eks.amazonaws.com", "pods.eks.amazonaws.com", "vpc-flow-logs.amazonaws.com"] } }
    },
    {
      Sid      = "ServiceLinkedRoles"
      Effect   = "Allow"
      Action   = "iam:CreateServiceLinkedRole"
      Resource = local.arn.service_roles
      Condition = { StringEquals = { "iam:AWSServiceName" = [
        "eks.amazonaws.com", "eks-nodegroup.amazonaws.com", "autoscaling.amazonaws.com", "elasticloadbalancing.amazonaws.com", "rds.amazonaws.com", "elasticache.amazonaws.com",
      ] } }
    },
    {
      # EKS looks for the role of node groups with the rights of whoever makes one:
      # https://github.com/terraform-aws-modules/terraform-aws-eks/issues/823
      Sid      = "SeeServiceLinkedRoles"
      Effect   = "Allow"
      Action   = "iam:GetRole"
      Resource = local.arn.service_roles
    },
    {
      # these are changed by a person: see docs/AWS_OIDC_SETUP.md
      Sid       = "NeverOneself"
      Effect    = "Deny"
      NotAction = ["iam:Get*", "iam:List*", "sts:AssumeRoleWithWebIdentity"]
      Resource  = [local.arn.github_roles, local.arn.boundary, local.arn.provider, "arn:aws:iam::${var.account_id}:policy/${local.name}-github-*"]
    },
    {
      Sid      = "NeverWithoutTheBoundary"
      Effect   = "Deny"
      Action   = ["iam:DeleteRolePermissionsBoundary", "iam:PutRolePermissionsBoundary"]
      Resource = "*"
    },
  ]
}
