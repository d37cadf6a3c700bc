output "domain" {
  description = "Names of the pages, their zone, and the certificate for them, once it is issued; null when there is no domain."
  value = var.domain == null ? null : {
    zone_id         = var.domain.zone_id
    vote_host       = var.domain.vote_host
    result_host     = var.domain.result_host
    host_host       = var.domain.host_host
    certificate_arn = aws_acm_certificate_validation.this["zone"].certificate_arn
  }
}
