mock_provider "aws" {
  override_during = plan

  mock_resource "aws_s3_bucket" {
    defaults = { arn = "arn:aws:s3:::voting-app-test-artifacts-111122223333", id = "voting-app-test-artifacts-111122223333" }
  }
  mock_resource "aws_security_group" {
    defaults = { id = "sg-bastion" }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::111122223333:role/voting-test-bastion" }
  }
}

variables {
  environment                   = "test"
  region                        = "us-east-1"
  account_id                    = "111122223333"
  vpc_id                        = "vpc-1"
  subnet_id                     = "subnet-1"
  vpc_cidr                      = "10.0.0.0/16"
  s3_prefix_list_id             = "pl-s3"
  cluster_name                  = "voting-test"
  cluster_endpoint              = "https://cluster.example"
  cluster_certificate_authority = "bW9jaw=="
  cluster_security_group_id     = "sg-cluster"
}

run "instance" {
  command = plan

  assert {
    condition     = aws_instance.this.metadata_options[0].http_tokens == "required" && aws_instance.this.root_block_device[0].encrypted && !aws_instance.this.associate_public_ip_address
    error_message = "IMDSv2 only, an encrypted disk, no public address."
  }

  assert {
    condition     = aws_instance.this.tags.Name == "voting-test-bastion"
    error_message = "The workflows find the bastion, and may command it, by this name."
  }
}

run "disk_is_the_environments" {
  command = plan

  assert {
    condition     = aws_instance.this.volume_tags.Environment == "test" && aws_instance.this.volume_tags.Project == "voting-app"
    error_message = "Who applies may make no disk without these tags."
  }
}

run "user_data_runs" {
  command = plan

  assert {
    condition     = startswith(aws_instance.this.user_data, "#!/")
    error_message = "cloud-init runs user data only if its very first characters say with what."
  }

  assert {
    condition     = !strcontains(aws_instance.this.user_data, "http://") && length(regexall("https://", aws_instance.this.user_data)) == 1
    error_message = "The bastion must need nothing of the internet: kubectl and helm are handed over."
  }

  assert {
    condition     = strcontains(aws_instance.this.user_data, "server: https://cluster.example")
    error_message = "kubectl must know the cluster."
  }
}

run "does_its_job_and_no_other" {
  command = plan

  assert {
    condition     = aws_vpc_security_group_ingress_rule.cluster_api.security_group_id == "sg-cluster" && aws_vpc_security_group_ingress_rule.cluster_api.referenced_security_group_id == "sg-bastion" && aws_vpc_security_group_ingress_rule.cluster_api.from_port == 443
    error_message = "The cluster must admit the bastion to its API."
  }

  assert {
    condition     = length(aws_security_group.this.ingress) == 0 && alltrue([for rule in aws_vpc_security_group_egress_rule.vpc : rule.cidr_ipv4 == "10.0.0.0/16"]) && aws_vpc_security_group_egress_rule.s3.prefix_list_id == "pl-s3" && aws_vpc_security_group_egress_rule.s3.cidr_ipv4 == null
    error_message = "Nothing may connect to the bastion, and it may connect to the VPC and to S3 only."
  }

  assert {
    condition     = aws_eks_access_entry.this.principal_arn == aws_iam_role.this.arn && aws_eks_access_policy_association.this.policy_arn == "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
    error_message = "The cluster must know the bastion's role."
  }

  assert {
    condition     = contains(flatten(jsondecode(aws_iam_role_policy.this.policy).Statement[*].Action), "s3:GetObject") && !contains(flatten(jsondecode(aws_iam_role_policy.this.policy).Statement[*].Resource), "*")
    error_message = "The bastion must read its artifacts, and nothing of others."
  }

  assert {
    condition     = aws_iam_role_policy_attachment.session_manager.policy_arn == "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"
    error_message = "Without this policy Session Manager does not see the instance."
  }
}

run "artifacts" {
  command = plan

  assert {
    condition     = aws_s3_bucket.artifacts.bucket == "voting-app-test-artifacts-111122223333"
    error_message = "A bucket's name must be unique in the world: the account's number makes it so."
  }

  assert {
    condition     = aws_s3_bucket.artifacts.force_destroy
    error_message = "What is offered to be destroyed must not refuse."
  }

  assert {
    condition     = aws_s3_bucket_versioning.artifacts.versioning_configuration[0].status == "Enabled" && aws_s3_bucket_public_access_block.artifacts.block_public_policy && aws_s3_bucket_public_access_block.artifacts.restrict_public_buckets
    error_message = "Artifacts keep their versions and are nobody else's."
  }

  assert {
    condition     = jsondecode(aws_s3_bucket_policy.artifacts.policy).Statement[0].Effect == "Deny" && jsondecode(aws_s3_bucket_policy.artifacts.policy).Statement[0].Condition.Bool["aws:SecureTransport"] == "false"
    error_message = "Artifacts travel over TLS only."
  }
}
