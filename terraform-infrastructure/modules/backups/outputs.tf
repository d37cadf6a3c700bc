output "bucket" {
  description = "Name of the bucket that takes the dumps."
  value       = aws_s3_bucket.this.bucket
}

output "role_arn" {
  description = "Role of the pods that put them there."
  value       = module.writer.role_arn
}
