locals {
  name   = "voting-${var.environment}"
  prefix = "voting-app/${var.environment}"

  # known before the cluster is there, and so the roles can be made first
  cluster_arn = "arn:aws:eks:${var.region}:${var.account_id}:cluster/${local.name}"

  purposes = {
    postgresql        = "Password of PostgreSQL's owner"
    postgresql-worker = "Password of the worker in PostgreSQL"
    postgresql-reader = "Password of who only reads in PostgreSQL"
    postgresql-host   = "Password of the service of hosts in PostgreSQL"
    redis             = "Password of Redis"
    voter             = "Key that signs voter cookies"
    host              = "Keys of hosts, NAME:KEY separated by commas"
  }
}

resource "aws_kms_key" "secrets" {
  description         = "Secrets of ${local.prefix}"
  enable_key_rotation = true
  # a secret that is brought back must find its key
  deletion_window_in_days = max(7, var.recovery_window_in_days)
}

resource "aws_kms_alias" "secrets" {
  name          = "alias/${local.name}-secrets"
  target_key_id = aws_kms_key.secrets.key_id
}

# The value goes from AWS's generator into the secret while Terraform runs; neither plan nor state has it.
ephemeral "aws_secretsmanager_random_password" "this" {
  for_each = local.purposes

  password_length     = 40
  exclude_punctuation = true # it also goes into connection URLs
}

resource "aws_secretsmanager_secret" "this" {
  for_each = local.purposes

  name                    = "${local.prefix}/${each.key}"
  description             = each.value
  kms_key_id              = aws_kms_key.secrets.arn
  recovery_window_in_days = var.recovery_window_in_days
}

resource "aws_secretsmanager_secret_version" "this" {
  for_each = local.purposes

  secret_id = aws_secretsmanager_secret.this[each.key].id
  # a key of hosts has a name, by which the log tells who has changed a poll
  secret_string_wo         = "${each.key == "host" ? "host:" : ""}${ephemeral.aws_secretsmanager_random_password.this[each.key].random_password}"
  secret_string_wo_version = var.secret_versions[each.key]
}
