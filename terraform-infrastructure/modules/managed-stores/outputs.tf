output "postgresql_host" {
  description = "Host name of PostgreSQL; port 5432, user and database postgres, TLS required."
  value       = aws_db_instance.this.address
}

output "redis_host" {
  description = "Host name of the queue; port 6379, TLS required."
  value       = aws_elasticache_replication_group.this.primary_endpoint_address
}
