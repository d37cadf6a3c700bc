output "parameter" {
  description = "Name of the parameter in Systems Manager's Parameter Store."
  value       = aws_ssm_parameter.this.name
}
