resource "aws_db_subnet_group" "this" {
  name       = local.name
  subnet_ids = var.subnet_ids
}

resource "aws_db_parameter_group" "this" {
  name   = "${local.name}-postgres18"
  family = "postgres18"

  parameter {
    name  = "rds.force_ssl"
    value = "1"
  }
}

ephemeral "aws_secretsmanager_secret_version" "postgresql" {
  secret_id = var.postgresql_secret.arn
}

resource "aws_db_instance" "this" {
  identifier     = local.name
  engine         = "postgres"
  engine_version = "18"
  instance_class = var.postgresql.instance_class

  # a commit is on disks in two zones before it is acknowledged
  multi_az = true

  username            = "postgres"
  password_wo         = ephemeral.aws_secretsmanager_secret_version.postgresql.secret_string
  password_wo_version = var.postgresql_secret.version

  storage_type          = "gp3"
  storage_encrypted     = true
  allocated_storage     = var.postgresql.allocated_storage
  max_allocated_storage = var.postgresql.max_allocated_storage

  db_subnet_group_name   = aws_db_subnet_group.this.name
  parameter_group_name   = aws_db_parameter_group.this.name
  vpc_security_group_ids = [aws_security_group.this["postgresql"].id]
  publicly_accessible    = false

  backup_retention_period         = var.postgresql.backup_retention_days
  copy_tags_to_snapshot           = true
  enabled_cloudwatch_logs_exports = ["postgresql"]
  performance_insights_enabled    = true

  deletion_protection       = var.deletion_protection
  skip_final_snapshot       = !var.deletion_protection
  final_snapshot_identifier = var.deletion_protection ? "${local.name}-final" : null
}
