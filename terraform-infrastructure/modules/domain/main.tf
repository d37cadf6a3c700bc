locals {
  name  = "voting-${var.environment}"
  hosts = var.domain == null ? [] : [var.domain.vote_host, var.domain.result_host, var.domain.host_host]
  # one of everything where there is a domain, and nothing where there is none
  zones = var.domain == null ? {} : { zone = var.domain.zone_id }
}

resource "aws_acm_certificate" "this" {
  for_each = local.zones

  domain_name               = local.hosts[0]
  subject_alternative_names = slice(local.hosts, 1, length(local.hosts))
  validation_method         = "DNS"

  tags = { Name = local.name }

  lifecycle {
    # a load balancer holds on to the old one until it has the new
    create_before_destroy = true
  }
}

# What shows Amazon that the names are ours. They stay, for the certificate renews itself by them.
resource "aws_route53_record" "validation" {
  for_each = toset(local.hosts)

  zone_id = var.domain.zone_id
  name    = local.proofs[each.key].resource_record_name
  type    = local.proofs[each.key].resource_record_type
  records = [local.proofs[each.key].resource_record_value]
  ttl     = 300

  allow_overwrite = true
}

locals {
  proofs = merge([for certificate in aws_acm_certificate.this : { for proof in certificate.domain_validation_options : proof.domain_name => proof }]...)
}

resource "aws_acm_certificate_validation" "this" {
  for_each = local.zones

  certificate_arn         = aws_acm_certificate.this[each.key].arn
  validation_record_fqdns = [for record in aws_route53_record.validation : record.fqdn]
}

# The load balancers are made in the cluster, and so are the records that point to them: ExternalDNS.
module "external_dns" {
  source   = "../pod-identity-role"
  for_each = local.zones

  name                     = "${local.name}-external-dns"
  description              = "ExternalDNS points ${join(", ", local.hosts)} to the load balancers"
  cluster_arn              = "arn:aws:eks:${var.region}:${var.account_id}:cluster/${var.cluster_name}"
  namespace                = "external-dns"
  service_account          = "external-dns"
  permissions_boundary_arn = var.permissions_boundary_arn

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = "route53:ChangeResourceRecordSets"
        Resource = "arn:aws:route53:::hostedzone/${each.value}"
        Condition = {
          # addresses of the pages, and the notes by which ExternalDNS knows its own records
          "ForAllValues:StringLike" = { "route53:ChangeResourceRecordSetsNormalizedRecordNames" = flatten([for host in local.hosts : [host, "*-${host}"]]) }
        }
      },
      {
        Effect   = "Allow"
        Action   = ["route53:ListResourceRecordSets", "route53:ListTagsForResource"]
        Resource = "arn:aws:route53:::hostedzone/${each.value}"
      },
      {
        Effect   = "Allow"
        Action   = "route53:ListHostedZones"
        Resource = "*"
      },
    ]
  })
}

resource "aws_eks_pod_identity_association" "external_dns" {
  for_each = local.zones

  cluster_name    = var.cluster_name
  namespace       = "external-dns"
  service_account = "external-dns"
  role_arn        = module.external_dns[each.key].role_arn
}
