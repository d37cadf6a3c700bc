output "instance_id" {
  description = "The instance, for Session Manager."
  value       = aws_instance.this.id
}

output "artifacts_bucket" {
  description = "Name of the bucket that deployments are handed over in."
  value       = aws_s3_bucket.artifacts.bucket
}

output "role_arn" {
  description = "Role of the instance."
  value       = aws_iam_role.this.arn
}

output "security_group_id" {
  description = "Security group of the instance."
  value       = aws_security_group.this.id
}

output "start_session_command" {
  description = "Command that opens a shell on the instance."
  value       = "aws ssm start-session --region ${var.region} --target ${aws_instance.this.id}"
}
