mock_provider "aws" {
  override_during = plan

  mock_resource "aws_iam_policy" {
    defaults = { arn = "arn:aws:iam::111122223333:policy/mock" }
  }
}

variables {
  environment       = "test"
  region            = "us-east-1"
  account_id        = "111122223333"
  github_repository = "owner@1/voting-app@2"
  state_bucket      = "voting-app-terraform-state-111122223333"
}

run "trusts_one_environment_of_one_repository" {
  command = plan

  assert {
    condition = {
      for name, role in aws_iam_role.this : role.name => jsondecode(role.assume_role_policy).Statement[0].Condition
      } == {
      for name, environment in { plan = "test-plan", apply = "test-infra", deploy = "test" } : "voting-test-github-${name}" => {
        StringEquals = {
          "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com"
          "token.actions.githubusercontent.com:sub" = "repo:owner@1/voting-app@2:environment:${environment}"
        }
      }
    }
    error_message = "Each role must be for one environment of this repository, and compared as a whole."
  }
}

run "shares_the_provider" {
  command = plan

  variables {
    create_oidc_provider = false
  }

  assert {
    condition     = length(aws_iam_openid_connect_provider.github) == 0
    error_message = "A second provider for the same issuer cannot be made."
  }

  assert {
    condition     = jsondecode(aws_iam_role.this["plan"].assume_role_policy).Statement[0].Principal.Federated == "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"
    error_message = "The account's one provider must be trusted."
  }
}

run "nobody_is_an_administrator" {
  command = plan

  assert {
    condition = alltrue(flatten([
      for name, policy in aws_iam_policy.this : [
        for statement in jsondecode(policy.policy).Statement : statement.Effect == "Deny" || length([
          for action in flatten([try(statement.Action, "*")]) : action if endswith(action, ":*") || action == "*"
        ]) == 0 || !contains(flatten([statement.Resource]), "*")
      ]
    ]))
    error_message = "No statement may allow all of a service on everything."
  }

  assert {
    condition     = alltrue([for name, policy in merge(aws_iam_policy.this, { boundary = aws_iam_policy.boundary }) : length(policy.policy) <= 6144])
    error_message = "IAM takes no policy longer than 6,144 characters."
  }

  assert {
    condition     = length([for attachment in aws_iam_role_policy_attachment.this : attachment if attachment.role == "voting-test-github-apply"]) <= 10
    error_message = "IAM attaches no more than ten policies to a role."
  }
}

run "plan_sees_and_changes_nothing" {
  command = plan

  assert {
    condition = alltrue(flatten([
      for name, policy in aws_iam_policy.this : [
        for statement in jsondecode(policy.policy).Statement : [
          for action in flatten([statement.Action]) :
          statement.Effect == "Deny" || can(regex(":(Describe|Get|List)", action)) || (can(regex("^s3:(Put|Delete)Object$", action)) && try(endswith(statement.Resource, "/*.tflock"), false))
        ]
      ] if startswith(name, "plan-")
    ]))
    error_message = "The plan role may look, and take the lock."
  }

  assert {
    condition = !anytrue(flatten([
      for name, policy in aws_iam_policy.this : [
        for statement in jsondecode(policy.policy).Statement : contains(flatten([statement.Action]), "secretsmanager:GetSecretValue")
      ] if startswith(name, "plan-")
    ]))
    error_message = "The plan role must not read secrets."
  }
}

run "roles_only_within_the_boundary" {
  command = plan

  assert {
    condition = [
      for statement in jsondecode(aws_iam_policy.this["apply-roles"].policy).Statement : statement.Condition.StringEquals["iam:PermissionsBoundary"]
      if contains(flatten([try(statement.Action, [])]), "iam:CreateRole")
    ] == ["arn:aws:iam::111122223333:policy/voting-test-boundary"]
    error_message = "A role without the boundary could be made an administrator."
  }

  assert {
    condition = toset(one([
      for statement in jsondecode(aws_iam_policy.this["apply-roles"].policy).Statement : statement.Resource if statement.Sid == "NeverOneself"
      ])) == toset([
      "arn:aws:iam::111122223333:role/voting-test-github-*",
      "arn:aws:iam::111122223333:policy/voting-test-github-*",
      "arn:aws:iam::111122223333:policy/voting-test-boundary",
      "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com",
    ])
    error_message = "The apply role must not change what bounds it."
  }

  assert {
    condition     = !anytrue([for action in flatten([for statement in jsondecode(aws_iam_policy.boundary.policy).Statement : statement.Action if statement.Effect == "Allow"]) : can(regex("^(\\*|iam:(\\*|.*(Role|Policy|User|PassRole).*)|sts:.*|organizations:.*)$", action)) && action != "iam:CreateServiceLinkedRole"])
    error_message = "Within the boundary nobody may make or take roles."
  }
}

run "deploys_and_nothing_else" {
  command = plan

  assert {
    condition = toset(flatten([
      for name, policy in aws_iam_policy.this : [
        for statement in jsondecode(policy.policy).Statement : statement.Action if statement.Effect == "Allow"
      ] if startswith(name, "deploy-")
      ])) == toset([
      "eks:DescribeCluster", "s3:GetObject", "s3:ListBucket", "s3:PutObject",
      "ssm:CancelCommand", "ssm:DescribeInstanceInformation", "ssm:GetCommandInvocation", "ssm:GetParameter", "ssm:SendCommand",
    ])
    error_message = "Whoever deploys changes nothing of the account."
  }
}

run "changes_records_of_its_domain_only" {
  command = plan

  variables {
    domain = { zone_id = "Z1", vote_host = "vote.example.com", result_host = "result.example.com", host_host = "host.example.com" }
  }

  assert {
    condition = alltrue([
      for statement in concat(jsondecode(aws_iam_policy.this["apply-domain"].policy).Statement, jsondecode(aws_iam_policy.boundary.policy).Statement) :
      statement.Resource == "arn:aws:route53:::hostedzone/Z1" && alltrue([for name in one(values(statement.Condition["ForAllValues:StringLike"])) : endswith(name, ".example.com")])
      if contains(flatten([statement.Action]), "route53:ChangeResourceRecordSets")
    ])
    error_message = "Records of other names are somebody else's."
  }

  assert {
    condition     = alltrue([for name, policy in merge(aws_iam_policy.this, { boundary = aws_iam_policy.boundary }) : length(policy.policy) <= 6144])
    error_message = "IAM takes no policy longer than 6,144 characters."
  }
}

run "refuses_a_wildcard" {
  command         = plan
  expect_failures = [var.github_repository]

  variables {
    github_repository = "owner/*"
  }
}

run "refuses_half_of_the_ids" {
  command         = plan
  expect_failures = [var.github_repository]

  variables {
    github_repository = "owner/voting-app@2"
  }
}
