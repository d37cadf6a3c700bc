locals {
  network = [
    {
      Sid    = "Vpc"
      Effect = "Allow"
      Action = flatten([
        for part in ["Vpc", "Subnet", "RouteTable", "Route", "InternetGateway", "NatGateway", "SecurityGroup", "VpcEndpoints", "FlowLogs", "LaunchTemplate", "LaunchTemplateVersion"] :
        ["ec2:Create${part}", "ec2:Delete${part}"]
      ])
      Resource  = "*"
      Condition = { StringEquals = { "aws:RequestedRegion" = var.region } }
    },
    {
      Sid    = "ChangeVpc"
      Effect = "Allow"
      Action = [
        "ec2:AllocateAddress", "ec2:AssociateAddress", "ec2:AssociateRouteTable", "ec2:AttachInternetGateway",
        "ec2:AuthorizeSecurityGroup*", "ec2:CreateVpcEndpoint", "ec2:DeleteLaunchTemplateVersions",
        "ec2:DetachInternetGateway", "ec2:DisassociateAddress", "ec2:DisassociateRouteTable",
        "ec2:ModifyLaunchTemplate", "ec2:ModifySecurityGroupRules", "ec2:ModifySubnetAttribute", "ec2:ModifyVpcAttribute", "ec2:ModifyVpcEndpoint",
        "ec2:ReleaseAddress", "ec2:ReplaceRoute*", "ec2:RevokeSecurityGroup*", "ec2:UpdateSecurityGroupRuleDescriptions*",
        "ec2:CreateTags", "ec2:DeleteTags",
      ]
      Resource  = "*"
      Condition = { StringEquals = { "aws:RequestedRegion" = var.region } }
    },
    {
      Sid    = "Bastion"
      Effect = "Allow"
      Action = [
        "ec2:RunInstances", "ec2:AssociateIamInstanceProfile", "ec2:ReplaceIamInstanceProfileAssociation",
      ]
      Resource  = "*"
      Condition = { StringEquals = { "aws:RequestedRegion" = var.region } }
    },
    {
      Sid      = "OwnInstances"
      Effect   = "Allow"
      Action   = ["ec2:ModifyInstance*", "ec2:StartInstances", "ec2:StopInstances", "ec2:TerminateInstances"]
      Resource = "arn:aws:ec2:${var.region}:${var.account_id}:instance/*"
      Condition = {
        StringEquals = { "aws:ResourceTag/Project" = "voting-app", "aws:ResourceTag/Environment" = var.environment }
      }
    },
  ]
}
