locals {
  external_secrets_policy = {
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Action = [
          "secretsmanager:DescribeSecret",
          "secretsmanager:GetResourcePolicy",
          "secretsmanager:GetSecretValue",
          "secretsmanager:ListSecretVersionIds",
        ]
        Resource = "arn:aws:secretsmanager:${var.region}:${var.account_id}:secret:${local.prefix}/*"
      },
      {
        Effect   = "Allow"
        Action   = "kms:Decrypt"
        Resource = aws_kms_key.secrets.arn
      },
    ]
  }
}

module "external_secrets" {
  source = "../pod-identity-role"

  name                     = "${local.name}-external-secrets"
  description              = "External Secrets Operator reads ${local.prefix}/…"
  cluster_arn              = local.cluster_arn
  namespace                = "external-secrets"
  service_account          = "external-secrets"
  permissions_boundary_arn = var.permissions_boundary_arn

  policy = jsonencode(local.external_secrets_policy)
}

# A managed policy, because an inline one may not be this long.
resource "aws_iam_policy" "load_balancer_controller" {
  name        = "${local.name}-load-balancer-controller"
  description = "The policy that the AWS Load Balancer Controller 3.5.0 ships"
  policy      = jsonencode(jsondecode(file("${path.module}/policies/aws-load-balancer-controller-3.5.0.json")))
}

module "load_balancer_controller" {
  source = "../pod-identity-role"

  name                     = "${local.name}-load-balancer-controller"
  description              = "AWS Load Balancer Controller makes the load balancers of Ingresses"
  cluster_arn              = local.cluster_arn
  namespace                = "kube-system"
  service_account          = "aws-load-balancer-controller"
  permissions_boundary_arn = var.permissions_boundary_arn
  policy_arns              = { controller = aws_iam_policy.load_balancer_controller.arn }
}
