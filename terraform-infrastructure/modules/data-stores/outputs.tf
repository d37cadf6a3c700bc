output "kind" {
  description = "Who runs the stores: in-cluster or managed."
  value       = var.kind
}

output "managed" {
  description = "Host names of the managed stores and the networks they are in; null when they run in the cluster."
  value = var.kind == "managed" ? {
    postgresql_host = module.managed[0].postgresql_host
    redis_host      = module.managed[0].redis_host
    cidrs           = var.subnet_cidrs
  } : null
}
