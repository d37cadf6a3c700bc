module "managed" {
  source = "../managed-stores"
  count  = var.kind == "managed" ? 1 : 0

  environment              = var.environment
  vpc_id                   = var.vpc_id
  subnet_ids               = var.subnet_ids
  client_security_group_id = var.client_security_group_id
  postgresql_secret        = var.postgresql_secret
  redis_secret             = var.redis_secret
  deletion_protection      = var.deletion_protection
}
