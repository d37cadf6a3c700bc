# Adds dumps, and can neither read nor delete one: whoever takes over the pod cannot take the past along.
module "writer" {
  source = "../pod-identity-role"

  name                     = "${local.name}-postgresql-backup"
  description              = "Puts the dumps of ${local.namespace} into ${local.bucket}"
  cluster_arn              = "arn:aws:eks:${var.region}:${var.account_id}:cluster/${var.cluster_name}"
  namespace                = local.namespace
  service_account          = local.service_account
  permissions_boundary_arn = var.permissions_boundary_arn

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["s3:PutObject", "s3:AbortMultipartUpload"]
      Resource = "${aws_s3_bucket.this.arn}/${local.prefix}/*"
    }]
  })
}

resource "aws_eks_pod_identity_association" "writer" {
  cluster_name    = var.cluster_name
  namespace       = local.namespace
  service_account = local.service_account
  role_arn        = module.writer.role_arn
}
