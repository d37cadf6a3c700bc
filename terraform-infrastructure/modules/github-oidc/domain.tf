# Only where there is a domain. Its zone may be another environment's as well: the names decide.
locals {
  hosts = var.domain == null ? [] : [var.domain.vote_host, var.domain.result_host, var.domain.host_host]

  domain = [for statement in [
    {
      Sid       = "NewCertificate"
      Effect    = "Allow"
      Action    = "acm:RequestCertificate"
      Resource  = "*"
      Condition = local.tagging
    },
    {
      # on the way to be made it has no tags yet; with those of another environment it is out of reach
      Sid      = "TagsOfCertificates"
      Effect   = "Allow"
      Action   = "acm:AddTagsToCertificate"
      Resource = "arn:aws:acm:${var.region}:${var.account_id}:certificate/*"
      Condition = {
        StringEquals         = local.tagging.StringEquals
        StringEqualsIfExists = local.tagged.StringEquals
      }
    },
    {
      Sid       = "OwnCertificate"
      Effect    = "Allow"
      Action    = "acm:DeleteCertificate"
      Resource  = "arn:aws:acm:${var.region}:${var.account_id}:certificate/*"
      Condition = local.tagged
    },
    {
      Sid       = "ProofsForTheCertificate"
      Effect    = "Allow"
      Action    = "route53:ChangeResourceRecordSets"
      Resource  = local.arn.zone
      Condition = { "ForAllValues:StringLike" = { "route53:ChangeResourceRecordSetsNormalizedRecordNames" = [for host in local.hosts : "_*.${host}"] } }
    },
  ] : statement if var.domain != null]

  # ExternalDNS, and no role beyond it
  boundary_domain = [for statement in [
    {
      Sid       = "OwnNames"
      Effect    = "Allow"
      Action    = "route53:ChangeResourceRecordSets"
      Resource  = local.arn.zone
      Condition = { "ForAllValues:StringLike" = { "route53:ChangeResourceRecordSetsNormalizedRecordNames" = flatten([for host in local.hosts : [host, "*-${host}"]]) } }
    },
    {
      Sid      = "SeeNames"
      Effect   = "Allow"
      Action   = ["route53:ListHostedZones", "route53:ListResourceRecordSets", "route53:ListTagsForResource"]
      Resource = "*"
    },
  ] : statement if var.domain != null]
}
