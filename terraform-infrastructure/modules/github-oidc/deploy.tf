# Whoever deploys hands files to the bastion and tells it to run them. Of the account it can change nothing
# else: no network, no role, no key, no secret, no state.
locals {
  deploy = [
    {
      Sid      = "HandOverArtifacts"
      Effect   = "Allow"
      Action   = ["s3:GetObject", "s3:PutObject"]
      Resource = "${local.arn.artifacts_bucket}/artifacts/*"
    },
    {
      # without it a missing artifact would be "access denied"
      Sid      = "SeeArtifacts"
      Effect   = "Allow"
      Action   = "s3:ListBucket"
      Resource = local.arn.artifacts_bucket
    },
    {
      Sid      = "ShellScriptsOnly"
      Effect   = "Allow"
      Action   = "ssm:SendCommand"
      Resource = "arn:aws:ssm:${var.region}::document/AWS-RunShellScript"
    },
    {
      Sid       = "OnTheBastionOnly"
      Effect    = "Allow"
      Action    = "ssm:SendCommand"
      Resource  = "arn:aws:ec2:${var.region}:${var.account_id}:instance/*"
      Condition = { StringEquals = { "ssm:resourceTag/Name" = "${local.name}-bastion", "ssm:resourceTag/Environment" = var.environment } }
    },
    {
      # these know a command by its id only, which is told to whoever sent it: there is no leave to list them
      Sid      = "WatchCommands"
      Effect   = "Allow"
      Action   = ["ssm:CancelCommand", "ssm:DescribeInstanceInformation", "ssm:GetCommandInvocation"]
      Resource = "*"
    },
    {
      Sid      = "ReadFacts"
      Effect   = "Allow"
      Action   = "ssm:GetParameter"
      Resource = local.arn.parameters
    },
    {
      Sid      = "FindCluster"
      Effect   = "Allow"
      Action   = "eks:DescribeCluster"
      Resource = "arn:aws:eks:${var.region}:${var.account_id}:cluster/${local.name}"
    },
  ]
}
