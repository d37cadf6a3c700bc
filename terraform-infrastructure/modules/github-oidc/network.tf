# The network, the bastion, and the templates of nodes. A request to EC2 names what it makes and what it
# uses, and each has to be allowed: the new by the tags it is given, the existing by the tags it has. In one
# statement no type is both, or a tag for the new thing would open the existing one.
locals {
  ec2 = "arn:aws:ec2:${var.region}:${var.account_id}"

  made = {
    Roots   = { types = ["elastic-ip", "internet-gateway", "launch-template", "vpc"], actions = ["AllocateAddress", "CreateInternetGateway", "CreateLaunchTemplate", "CreateVpc"] }
    Parts   = { types = ["route-table", "security-group", "subnet"], actions = ["CreateRouteTable", "CreateSecurityGroup", "CreateSubnet"] }
    Links   = { types = ["natgateway", "security-group-rule", "vpc-endpoint", "vpc-flow-log"], actions = ["AuthorizeSecurityGroupEgress", "AuthorizeSecurityGroupIngress", "CreateFlowLogs", "CreateNatGateway", "CreateVpcEndpoint"] }
    Bastion = { types = ["instance", "volume"], actions = ["RunInstances"] }
  }

  network = concat(
    [
      for name, new in local.made : {
        Sid       = "New${name}"
        Effect    = "Allow"
        Action    = [for action in new.actions : "ec2:${action}"]
        Resource  = [for type in new.types : "${local.ec2}:${type}/*"]
        Condition = local.tagging
      }
    ],
    [
      {
        Sid    = "Own"
        Effect = "Allow"
        Action = [
          "ec2:AssociateAddress", "ec2:AssociateIamInstanceProfile", "ec2:AssociateRouteTable", "ec2:AttachInternetGateway", "ec2:AuthorizeSecurityGroup*",
          "ec2:CreateFlowLogs", "ec2:CreateLaunchTemplateVersion", "ec2:CreateNatGateway", "ec2:CreateRoute", "ec2:CreateRouteTable", "ec2:CreateSecurityGroup", "ec2:CreateSubnet", "ec2:CreateVpcEndpoint",
          "ec2:DeleteFlowLogs", "ec2:DeleteInternetGateway", "ec2:DeleteLaunchTemplate*", "ec2:DeleteNatGateway", "ec2:DeleteRoute*", "ec2:DeleteSecurityGroup", "ec2:DeleteSubnet", "ec2:DeleteVpc", "ec2:DeleteVpcEndpoints",
          "ec2:DetachInternetGateway", "ec2:DisassociateAddress", "ec2:DisassociateRouteTable", "ec2:ModifyInstance*", "ec2:ModifyLaunchTemplate", "ec2:ModifySecurityGroupRules", "ec2:ModifySubnetAttribute", "ec2:ModifyVpc*", "ec2:ReplaceRoute*", "ec2:ReleaseAddress", "ec2:ReplaceIamInstanceProfileAssociation", "ec2:RevokeSecurityGroup*",
          "ec2:RunInstances", "ec2:StartInstances", "ec2:StopInstances", "ec2:TerminateInstances", "ec2:UpdateSecurityGroupRuleDescriptions*",
        ]
        Resource  = "${local.ec2}:*/*"
        Condition = local.tagged
      },
      {
        # all tags but those that say whose it is
        Sid       = "OwnTags"
        Effect    = "Allow"
        Action    = ["ec2:CreateTags", "ec2:DeleteTags"]
        Resource  = "${local.ec2}:*/*"
        Condition = merge(local.tagged, { "ForAllValues:StringNotEquals" = { "aws:TagKeys" = ["Environment", "Project"] } })
      },
      {
        Sid       = "TagsOfWhatIsMade"
        Effect    = "Allow"
        Action    = "ec2:CreateTags"
        Resource  = "${local.ec2}:*/*"
        Condition = { StringEquals = merge(local.tagging.StringEquals, { "ec2:CreateAction" = flatten([for new in local.made : new.actions]) }) }
      },
      {
        # EKS makes the cluster's group, and its tags cannot be forged
        Sid       = "OwnClustersGroup"
        Effect    = "Allow"
        Action    = ["ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress", "ec2:RunInstances"]
        Resource  = "${local.ec2}:security-group/*"
        Condition = { StringEquals = { "aws:ResourceTag/aws:eks:cluster-name" = local.name } }
      },
      {
        # a VPC brings its default group along, which has no tags at first, and the module empties it
        Sid       = "DefaultGroupOfNewVpc"
        Effect    = "Allow"
        Action    = ["ec2:CreateTags", "ec2:RevokeSecurityGroup*"]
        Resource  = "${local.ec2}:security-group/*"
        Condition = { Null = { "aws:ResourceTag/Environment" = "true", "aws:ResourceTag/aws:eks:cluster-name" = "true" } }
      },
      {
        Sid      = "ImageAndPortOfMachines"
        Effect   = "Allow"
        Action   = "ec2:RunInstances"
        Resource = ["arn:aws:ec2:${var.region}::image/*", "${local.ec2}:network-interface/*"]
      },
      {
        # endpoints with private DNS: https://docs.aws.amazon.com/vpc/latest/privatelink/manage-dns-names.html
        Sid      = "NamesOfEndpoints"
        Effect   = "Allow"
        Action   = "route53:AssociateVPCWithHostedZone"
        Resource = "arn:aws:route53:::hostedzone/*"
      },
    ],
  )
}
