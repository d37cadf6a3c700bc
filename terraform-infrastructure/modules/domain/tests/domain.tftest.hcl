mock_provider "aws" {
  override_during = plan

  mock_resource "aws_acm_certificate" {
    defaults = {
      arn = "arn:aws:acm:us-east-1:111122223333:certificate/1"
      domain_validation_options = [
        { domain_name = "vote.example.com", resource_record_name = "_1.vote.example.com", resource_record_type = "CNAME", resource_record_value = "_1.acm.aws" },
        { domain_name = "result.example.com", resource_record_name = "_2.result.example.com", resource_record_type = "CNAME", resource_record_value = "_2.acm.aws" },
        { domain_name = "host.example.com", resource_record_name = "_3.host.example.com", resource_record_type = "CNAME", resource_record_value = "_3.acm.aws" },
      ]
    }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::111122223333:role/voting-test-external-dns" }
  }
}

variables {
  environment  = "test"
  region       = "us-east-1"
  account_id   = "111122223333"
  cluster_name = "voting-test"
}

run "makes_nothing_without_a_domain" {
  command = plan

  assert {
    condition     = length(aws_acm_certificate.this) == 0 && length(aws_route53_record.validation) == 0 && length(module.external_dns) == 0 && output.domain == null
    error_message = "Whoever has no zone in Route 53 gets nothing."
  }
}

run "certificate_for_all_names" {
  command = plan

  variables {
    domain = { zone_id = "Z1", vote_host = "vote.example.com", result_host = "result.example.com", host_host = "host.example.com" }
  }

  assert {
    condition     = aws_acm_certificate.this["zone"].domain_name == "vote.example.com" && aws_acm_certificate.this["zone"].subject_alternative_names == toset(["result.example.com", "host.example.com"])
    error_message = "All pages need the certificate."
  }

  assert {
    condition     = { for host, record in aws_route53_record.validation : host => one(record.records) } == { "vote.example.com" = "_1.acm.aws", "result.example.com" = "_2.acm.aws", "host.example.com" = "_3.acm.aws" }
    error_message = "Amazon looks for a record of each name."
  }

  assert {
    condition     = aws_eks_pod_identity_association.external_dns["zone"].service_account == "external-dns"
    error_message = "ExternalDNS needs its role."
  }
}

run "refuses_a_zone_by_name" {
  command         = plan
  expect_failures = [var.domain]

  variables {
    domain = { zone_id = "example.com", vote_host = "vote.example.com", result_host = "result.example.com", host_host = "host.example.com" }
  }
}

run "refuses_one_name_for_two_pages" {
  command         = plan
  expect_failures = [var.domain]

  variables {
    domain = { zone_id = "Z1", vote_host = "vote.example.com", result_host = "result.example.com", host_host = "vote.example.com" }
  }
}
