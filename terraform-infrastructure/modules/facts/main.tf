# What the programs that set up and deploy have to know of what Terraform has made. They read it here, so
# that one setting in env.hcl is enough. It holds no secret.
resource "aws_ssm_parameter" "this" {
  name        = "/voting-app/${var.environment}/facts"
  description = "What Terraform made for voting-${var.environment}; read by tools/src"
  type        = "String"
  value = jsonencode({
    vpcId        = var.vpc_id
    backupBucket = var.backup_bucket
    managedStores = var.managed_stores == null ? null : {
      postgresqlHost = var.managed_stores.postgresql_host
      redisHost      = var.managed_stores.redis_host
      cidrs          = var.managed_stores.cidrs
    }
    domain = var.domain == null ? null : {
      zoneId         = var.domain.zone_id
      voteHost       = var.domain.vote_host
      resultHost     = var.domain.result_host
      hostHost       = var.domain.host_host
      certificateArn = var.domain.certificate_arn
    }
  })
}
