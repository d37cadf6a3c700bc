mock_provider "aws" {
  override_data {
    target = data.aws_availability_zones.usable
    values = { names = ["us-east-1a", "us-east-1b", "us-east-1c", "us-east-1d"] }
  }
}

variables {
  environment = "test"
  region      = "us-east-1"
  account_id  = "111122223333"
}

run "three_zones" {
  command = plan

  assert {
    condition     = length(distinct([for subnet in aws_subnet.public : subnet.availability_zone])) == 3
    error_message = "The public subnets must be in three zones."
  }

  assert {
    condition     = length(distinct([for subnet in aws_subnet.private : subnet.availability_zone])) == 3
    error_message = "The private subnets must be in three zones."
  }

  assert {
    condition     = { for zone, subnet in aws_subnet.private : zone => subnet.cidr_block } == { us-east-1a = "10.0.11.0/24", us-east-1b = "10.0.12.0/24", us-east-1c = "10.0.13.0/24" }
    error_message = "The private subnets must be where docs and network policies say."
  }

  assert {
    condition     = alltrue([for subnet in aws_subnet.public : subnet.tags["kubernetes.io/role/elb"] == "1" && !subnet.map_public_ip_on_launch])
    error_message = "Load balancers must find the public subnets, and nothing there gets an address by default."
  }

  assert {
    condition     = alltrue([for subnet in aws_subnet.private : subnet.tags["kubernetes.io/role/internal-elb"] == "1"])
    error_message = "Internal load balancers must find the private subnets."
  }

  assert {
    condition     = length(aws_nat_gateway.this) == 3 && length(aws_route.nat) == 3
    error_message = "Each zone must have its own way out."
  }

  assert {
    condition     = toset(keys(aws_vpc_endpoint.interface)) == toset(["ec2messages", "ssm", "ssmmessages"])
    error_message = "Session Manager needs its three endpoints."
  }

  assert {
    condition     = aws_vpc_endpoint.s3.vpc_endpoint_type == "Gateway"
    error_message = "S3 must be reached through the free gateway endpoint."
  }

  assert {
    condition     = length(aws_flow_log.this) == 0
    error_message = "Flow logs are billed and must be asked for."
  }
}

run "one_nat_gateway_for_dev" {
  command = plan

  variables {
    single_nat_gateway  = true
    interface_endpoints = []
  }

  assert {
    condition     = length(aws_nat_gateway.this) == 1 && length(aws_route.nat) == 3
    error_message = "One gateway must serve all three private subnets."
  }

  assert {
    condition     = length(aws_vpc_endpoint.interface) == 0
    error_message = "Endpoints that are not asked for must not be billed."
  }
}

run "flow_logs" {
  command = plan

  variables {
    flow_logs                = true
    log_retention_days       = 90
    permissions_boundary_arn = "arn:aws:iam::111122223333:policy/voting-test-boundary"
  }

  assert {
    condition     = aws_flow_log.this[0].traffic_type == "ALL" && aws_cloudwatch_log_group.flow_logs[0].retention_in_days == 90
    error_message = "All traffic must be logged, and forgotten in time."
  }

  assert {
    condition     = jsondecode(aws_iam_role.flow_logs[0].assume_role_policy).Statement[0].Condition.StringEquals["aws:SourceAccount"] == "111122223333"
    error_message = "Flow logs of other accounts must not use the role."
  }

  assert {
    condition     = aws_iam_role.flow_logs[0].permissions_boundary == var.permissions_boundary_arn
    error_message = "Every role must have the boundary."
  }
}

run "refuses_what_is_no_network" {
  command         = plan
  expect_failures = [var.cidr]

  variables {
    cidr = "10.0.0.7/16"
  }
}

run "refuses_a_network_that_is_too_large" {
  command         = plan
  expect_failures = [var.cidr]

  variables {
    cidr = "10.0.0.0/8"
  }
}

run "refuses_fewer_than_three_zones" {
  command         = plan
  expect_failures = [var.public_subnet_cidrs]

  variables {
    public_subnet_cidrs  = ["10.0.1.0/24", "10.0.2.0/24"]
    private_subnet_cidrs = ["10.0.11.0/24", "10.0.12.0/24"]
  }
}

run "refuses_a_region_with_fewer_zones" {
  command         = plan
  expect_failures = [data.aws_availability_zones.usable]

  override_data {
    target = data.aws_availability_zones.usable
    values = { names = ["us-west-1a", "us-west-1b"] }
  }
}

run "refuses_zones_with_one_subnet" {
  command         = plan
  expect_failures = [var.private_subnet_cidrs]

  variables {
    private_subnet_cidrs = ["10.0.11.0/24", "10.0.12.0/24"]
  }
}

run "refuses_overlapping_subnets" {
  command         = plan
  expect_failures = [aws_vpc.this]

  variables {
    private_subnet_cidrs = ["10.0.2.0/23", "10.0.12.0/24", "10.0.13.0/24"]
  }
}

run "refuses_subnets_outside" {
  command         = plan
  expect_failures = [aws_vpc.this]

  variables {
    private_subnet_cidrs = ["10.1.11.0/24", "10.0.12.0/24", "10.0.13.0/24"]
  }
}

run "refuses_malformed_subnets" {
  command         = plan
  expect_failures = [aws_vpc.this]

  variables {
    private_subnet_cidrs = ["10.0.11.0/24", "10.0.12.1/24", "10.0.13.0/24"]
  }
}

run "refuses_unknown_endpoints" {
  command         = plan
  expect_failures = [var.interface_endpoints]

  variables {
    interface_endpoints = ["ssn"]
  }
}
