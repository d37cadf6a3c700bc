locals {
  name = "voting-${var.environment}-bastion"
}

data "aws_ssm_parameter" "amazon_linux" {
  name = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"
}

resource "aws_instance" "this" {
  ami                    = data.aws_ssm_parameter.amazon_linux.insecure_value
  instance_type          = var.instance_type
  subnet_id              = var.subnet_id
  vpc_security_group_ids = [aws_security_group.this.id]
  iam_instance_profile   = aws_iam_instance_profile.this.name

  associate_public_ip_address = false

  user_data = templatefile("${path.module}/user-data.sh.tftpl", {
    region                = var.region
    cluster_name          = var.cluster_name
    endpoint              = var.cluster_endpoint
    certificate_authority = var.cluster_certificate_authority
  })
  user_data_replace_on_change = true

  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }

  root_block_device {
    volume_type = "gp3"
    volume_size = 10
    encrypted   = true
  }

  # given while the instance is made, unlike those of the disk's own block, and without default tags: the apply
  # role may make no disk that is not tagged as the environment's
  volume_tags = { Name = local.name, Project = "voting-app", Environment = var.environment }

  tags = { Name = local.name }

  lifecycle {
    # a newer image is taken when somebody replaces the instance, not in the middle of another change
    ignore_changes = [ami]
  }
}
