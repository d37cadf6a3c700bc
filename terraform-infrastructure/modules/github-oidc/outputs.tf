output "github_actions_role_arn" {
  description = "Role of the GitHub environment <environment>: deploys the application. Its secret AWS_ROLE_ARN."
  value       = aws_iam_role.this["deploy"].arn
}

output "github_actions_infra_role_arn" {
  description = "Role of the GitHub environment <environment>-infra: changes the infrastructure. Its secret AWS_ROLE_ARN."
  value       = aws_iam_role.this["apply"].arn
}

output "github_actions_plan_role_arn" {
  description = "Role of the GitHub environment <environment>-plan: sees, and changes nothing. Its secret AWS_ROLE_ARN."
  value       = aws_iam_role.this["plan"].arn
}

output "permissions_boundary_arn" {
  description = "The boundary that every role of the environment has."
  value       = aws_iam_policy.boundary.arn
}
