locals {
  # Network policies are a switch of the CNI, off by default: without it the charts' policies are ignored.
  addons_before_nodes = {
    vpc-cni                = jsonencode({ enableNetworkPolicy = "true" })
    kube-proxy             = null
    eks-pod-identity-agent = null
  }

  # These run as pods and are healthy only on a node. The storage class is of type gp3 and the default.
  addons_on_nodes = {
    coredns            = null
    metrics-server     = null
    aws-ebs-csi-driver = jsonencode({ defaultStorageClass = { enabled = true }, controller = { extraVolumeTags = local.tags } })
  }
}

resource "aws_eks_addon" "before_nodes" {
  for_each = local.addons_before_nodes

  cluster_name                = aws_eks_cluster.this.name
  addon_name                  = each.key
  configuration_values        = each.value
  resolve_conflicts_on_create = "OVERWRITE"
  resolve_conflicts_on_update = "OVERWRITE"
}

resource "aws_eks_addon" "on_nodes" {
  for_each = local.addons_on_nodes

  cluster_name                = aws_eks_cluster.this.name
  addon_name                  = each.key
  configuration_values        = each.value
  resolve_conflicts_on_create = "OVERWRITE"
  resolve_conflicts_on_update = "OVERWRITE"

  depends_on = [aws_eks_node_group.this]
}
