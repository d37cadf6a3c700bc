# The wall between environments that share an account. Whatever else a policy allows: what carries the tag of
# another environment, or of another environment's cluster, is out of reach, and nothing gets such a tag.
# Services that know no tags are limited by the names of things instead, where they are allowed.
locals {
  marks = {
    Environment       = { key = "aws:ResourceTag/Environment", own = var.environment }
    Cluster           = { key = "aws:ResourceTag/aws:eks:cluster-name", own = local.name }
    Nodes             = { key = "aws:ResourceTag/eks:cluster-name", own = local.name }
    CommandedMachines = { key = "ssm:resourceTag/Environment", own = var.environment }
    NewTag            = { key = "aws:RequestTag/Environment", own = var.environment }
  }

  own = [
    for name, mark in local.marks : {
      Sid      = "NoOther${name}"
      Effect   = "Deny"
      Action   = "*"
      Resource = "*"
      Condition = {
        Null            = { (mark.key) = "false" }
        StringNotEquals = { (mark.key) = mark.own }
      }
    }
  ]

  # what exists and is ours
  tagged = { StringEquals = { "aws:ResourceTag/Project" = "voting-app", "aws:ResourceTag/Environment" = var.environment } }
  # what is made and shall be ours
  tagging = { StringEquals = { "aws:RequestTag/Project" = "voting-app", "aws:RequestTag/Environment" = var.environment } }
}
