module "vpc_cni" {
  source = "../pod-identity-role"

  name                     = "${local.name}-vpc-cni"
  description              = "Gives pods of ${local.name} their addresses"
  cluster_arn              = local.cluster_arn
  namespace                = "kube-system"
  service_account          = "aws-node"
  permissions_boundary_arn = var.permissions_boundary_arn
  policy_arns              = { cni = "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy" }
}

module "ebs_csi_driver" {
  source = "../pod-identity-role"

  name                     = "${local.name}-ebs-csi-driver"
  description              = "Makes the volumes of ${local.name}"
  cluster_arn              = local.cluster_arn
  namespace                = "kube-system"
  service_account          = "ebs-csi-controller-sa"
  permissions_boundary_arn = var.permissions_boundary_arn
  # its predecessor could touch volumes that the driver has not made
  policy_arns = { ebs = "arn:aws:iam::aws:policy/AmazonEBSCSIDriverPolicyV2" }
}

locals {
  pod_identities = {
    vpc-cni                  = { namespace = "kube-system", service_account = "aws-node", role_arn = module.vpc_cni.role_arn }
    ebs-csi-driver           = { namespace = "kube-system", service_account = "ebs-csi-controller-sa", role_arn = module.ebs_csi_driver.role_arn }
    external-secrets         = { namespace = "external-secrets", service_account = "external-secrets", role_arn = var.external_secrets_role_arn }
    load-balancer-controller = { namespace = "kube-system", service_account = "aws-load-balancer-controller", role_arn = var.load_balancer_controller_role_arn }
  }
}

resource "aws_eks_pod_identity_association" "this" {
  for_each = local.pod_identities

  cluster_name    = aws_eks_cluster.this.name
  namespace       = each.value.namespace
  service_account = each.value.service_account
  role_arn        = each.value.role_arn
}
