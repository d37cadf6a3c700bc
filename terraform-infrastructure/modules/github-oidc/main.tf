locals {
  name   = "voting-${var.environment}"
  issuer = "token.actions.githubusercontent.com"

  arn = {
    provider         = "arn:aws:iam::${var.account_id}:oidc-provider/${local.issuer}"
    boundary         = "arn:aws:iam::${var.account_id}:policy/${local.name}-boundary"
    roles            = "arn:aws:iam::${var.account_id}:role/${local.name}-*"
    github_roles     = "arn:aws:iam::${var.account_id}:role/${local.name}-github-*"
    service_roles    = "arn:aws:iam::${var.account_id}:role/aws-service-role/*"
    secrets          = "arn:aws:secretsmanager:${var.region}:${var.account_id}:secret:voting-app/${var.environment}/*"
    parameters       = "arn:aws:ssm:${var.region}:${var.account_id}:parameter/voting-app/${var.environment}/*"
    logs             = [for group in ["/aws/eks/${local.name}/*", "/aws/vpc/${local.name}", "/aws/vpc/${local.name}:*"] : "arn:aws:logs:${var.region}:${var.account_id}:log-group:${group}"]
    cluster          = ["arn:aws:eks:${var.region}:${var.account_id}:*/${local.name}", "arn:aws:eks:${var.region}:${var.account_id}:*/${local.name}/*"]
    artifacts_bucket = "arn:aws:s3:::voting-app-${var.environment}-artifacts-${var.account_id}"
    backups_bucket   = "arn:aws:s3:::voting-app-${var.environment}-backups-${var.account_id}"
    state_bucket     = "arn:aws:s3:::${var.state_bucket}"
    zone             = try("arn:aws:route53:::hostedzone/${var.domain.zone_id}", null)
  }

  # GitHub puts the environment into the token's subject, and only after the environment's own rules
  # (branches, reviewers) have let the job in.
  subjects = {
    plan   = "repo:${var.github_repository}:environment:${var.environment}-plan"
    apply  = "repo:${var.github_repository}:environment:${var.environment}-infra"
    deploy = "repo:${var.github_repository}:environment:${var.environment}"
  }
}

resource "aws_iam_openid_connect_provider" "github" {
  count = var.create_oidc_provider ? 1 : 0

  url            = "https://${local.issuer}"
  client_id_list = ["sts.amazonaws.com"]
}

resource "aws_iam_role" "this" {
  for_each = local.subjects

  name                 = "${local.name}-github-${each.key}"
  description          = "GitHub Actions, ${each.key} in ${var.environment}"
  max_session_duration = 7200 # a cluster takes 15 minutes, a version upgrade can take an hour

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Federated = local.arn.provider }
      Action    = "sts:AssumeRoleWithWebIdentity"
      Condition = {
        StringEquals = {
          "${local.issuer}:aud" = "sts.amazonaws.com"
          "${local.issuer}:sub" = each.value
        }
      }
    }]
  })

  depends_on = [aws_iam_openid_connect_provider.github]
}

locals {
  policies = {
    plan = { read = local.read, state = local.plan_state, own = local.own }
    apply = {
      read    = local.read, state = local.apply_state, own = local.own
      network = local.network, keys = local.keys, cluster = local.cluster, stores = local.stores, domain = local.domain, roles = local.roles
    }
    deploy = { deploy = local.deploy, own = local.own }
  }

  # a service without statements, such as DNS without a domain, has no policy
  attached = merge([
    for role, policies in local.policies : {
      for name, statements in policies : "${role}-${name}" => statements if length(statements) > 0
    }
  ]...)
}

resource "aws_iam_policy" "this" {
  for_each = local.attached

  name   = "${local.name}-github-${each.key}"
  policy = jsonencode({ Version = "2012-10-17", Statement = each.value })
}

resource "aws_iam_role_policy_attachment" "this" {
  for_each = aws_iam_policy.this

  role       = aws_iam_role.this[split("-", each.key)[0]].name
  policy_arn = each.value.arn
}
