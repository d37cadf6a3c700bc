mock_provider "aws" {}

variables {
  name            = "voting-test-external-secrets"
  description     = "test"
  cluster_arn     = "arn:aws:eks:us-east-1:111122223333:cluster/voting-test"
  namespace       = "external-secrets"
  service_account = "external-secrets"
  policy          = "{\"Version\":\"2012-10-17\",\"Statement\":[]}"
}

run "trusts_one_service_account_of_one_cluster" {
  command = plan

  assert {
    condition = jsondecode(aws_iam_role.this.assume_role_policy).Statement == [{
      Effect    = "Allow"
      Principal = { Service = "pods.eks.amazonaws.com" }
      Action    = ["sts:AssumeRole", "sts:TagSession"]
      Condition = {
        StringEquals = {
          "aws:RequestTag/eks-cluster-arn"            = "arn:aws:eks:us-east-1:111122223333:cluster/voting-test"
          "aws:RequestTag/kubernetes-namespace"       = "external-secrets"
          "aws:RequestTag/kubernetes-service-account" = "external-secrets"
        }
      }
    }]
    error_message = "Nobody but this service account of this cluster may take the role."
  }
}

run "refuses_what_is_no_cluster" {
  command         = plan
  expect_failures = [var.cluster_arn]

  variables {
    cluster_arn = "*"
  }
}
