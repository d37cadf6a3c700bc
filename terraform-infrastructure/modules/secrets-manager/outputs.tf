output "secret_names" {
  description = "Name of each secret, as an ExternalSecret refers to it."
  value       = { for key, secret in aws_secretsmanager_secret.this : key => secret.name }
}

output "secret_arns" {
  description = "ARN of each secret."
  value       = { for key, secret in aws_secretsmanager_secret.this : key => secret.arn }
}

output "secret_version_ids" {
  description = "Id, not value, of the current version of each secret: it changes when the value does."
  value       = { for key, version in aws_secretsmanager_secret_version.this : key => version.version_id }
}

output "external_secrets_role_arn" {
  description = "Role of external-secrets/external-secrets."
  value       = module.external_secrets.role_arn
}

output "load_balancer_controller_role_arn" {
  description = "Role of kube-system/aws-load-balancer-controller."
  value       = module.load_balancer_controller.role_arn
}
