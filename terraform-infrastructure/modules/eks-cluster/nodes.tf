# Only for what a node group cannot say itself: the metadata service and the encrypted disk. The group
# still chooses image, security group and bootstrap, because the template leaves them out.
resource "aws_launch_template" "node" {
  for_each = var.node_groups

  name                   = "${local.name}-${each.key}"
  update_default_version = true

  metadata_options {
    http_endpoint = "enabled"
    http_tokens   = "required"
    # one hop reaches the node itself and stops in front of its pods
    http_put_response_hop_limit = 1
  }

  block_device_mappings {
    device_name = "/dev/xvda"
    ebs {
      volume_type           = "gp3"
      volume_size           = each.value.disk_size
      encrypted             = true
      delete_on_termination = true
    }
  }

  # whose they are, for those policies that keep other environments away: the provider's default tags do not
  # reach what a template starts
  dynamic "tag_specifications" {
    for_each = ["instance", "network-interface", "volume"]

    content {
      resource_type = tag_specifications.value
      tags          = merge(local.tags, { Name = "${local.name}-${each.key}" })
    }
  }
}

resource "aws_eks_node_group" "this" {
  for_each = var.node_groups

  cluster_name    = aws_eks_cluster.this.name
  node_group_name = each.key
  node_role_arn   = aws_iam_role.node.arn
  subnet_ids      = var.subnet_ids
  version         = var.kubernetes_version

  ami_type       = "AL2023_x86_64_STANDARD"
  capacity_type  = each.value.capacity_type
  instance_types = each.value.instance_types
  labels         = each.value.labels

  scaling_config {
    min_size     = each.value.min_size
    desired_size = each.value.desired_size
    max_size     = each.value.max_size
  }

  update_config {
    max_unavailable = 1
  }

  launch_template {
    id      = aws_launch_template.node[each.key].id
    version = aws_launch_template.node[each.key].latest_version
  }

  # Nodes that start before the CNI is set up would let pods run that no network policy holds.
  depends_on = [
    aws_eks_addon.before_nodes,
    aws_eks_pod_identity_association.this,
    aws_iam_role_policy_attachment.node,
  ]
}
