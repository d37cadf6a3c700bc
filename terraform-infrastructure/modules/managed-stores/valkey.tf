resource "aws_elasticache_subnet_group" "this" {
  name       = local.name
  subnet_ids = var.subnet_ids
}

resource "aws_elasticache_parameter_group" "this" {
  name   = "${local.name}-valkey8"
  family = "valkey8"

  # a full queue refuses votes; it never forgets one
  parameter {
    name  = "maxmemory-policy"
    value = "noeviction"
  }
}

# The provider has no write-only password for ElastiCache, so Terraform would keep it in its state.
# CloudFormation fetches it from Secrets Manager by itself. The version's id makes it fetch again.
resource "aws_cloudformation_stack" "valkey_user" {
  name = "${local.name}-valkey-user"

  template_body = jsonencode({
    Resources = {
      User = {
        Type = "AWS::ElastiCache::User"
        Properties = {
          UserId       = "${local.name}-default"
          UserName     = "default"
          Engine       = "valkey"
          AccessString = "on ~* &* +@all"
          Passwords    = ["{{resolve:secretsmanager:${var.redis_secret.arn}:SecretString:::${var.redis_secret.version_id}}}"]
        }
      }
    }
  })
}

resource "aws_elasticache_user_group" "this" {
  user_group_id = local.name
  engine        = "valkey"
  user_ids      = ["${local.name}-default"]

  depends_on = [aws_cloudformation_stack.valkey_user]
}

resource "aws_elasticache_replication_group" "this" {
  replication_group_id = local.name
  description          = "Queue of ${local.name}"
  engine               = "valkey"
  engine_version       = "8.1"
  node_type            = var.valkey_node_type

  num_cache_clusters         = 2
  automatic_failover_enabled = true
  multi_az_enabled           = true

  transit_encryption_enabled = true
  transit_encryption_mode    = "required"
  at_rest_encryption_enabled = true
  user_group_ids             = [aws_elasticache_user_group.this.user_group_id]

  port                 = local.ports.valkey
  subnet_group_name    = aws_elasticache_subnet_group.this.name
  parameter_group_name = aws_elasticache_parameter_group.this.name
  security_group_ids   = [aws_security_group.this["valkey"].id]

  snapshot_retention_limit = 7
  apply_immediately        = true
}
