import { dashboard } from './panels.ts';

export const ingress = dashboard(
  {
    uid: 'voting-ingress',
    title: 'Voting: ingress',
    description: 'Do requests reach the pages? From CloudWatch, a minute or two late.',
  },
  [
    {
      title: 'Load balancers',
      questions: [
        {
          title: 'Requests',
          description: 'A minute, by load balancer: one for each page.',
          unit: 'short',
          queries: {
            '{{dimension_LoadBalancer}}':
              'sum by (dimension_LoadBalancer) (aws_applicationelb_request_count_sum)',
          },
        },
        {
          title: 'Errors of the load balancer',
          description:
            '5xx a minute that no pod of ours gave: no target, or none that answered. Alert above 10.',
          unit: 'short',
          queries: {
            '{{dimension_LoadBalancer}}':
              'sum by (dimension_LoadBalancer) (aws_applicationelb_httpcode_elb_5_xx_count_sum)',
          },
        },
        {
          title: 'Rejected connections',
          description: 'A minute; the load balancer itself had no room for them.',
          unit: 'short',
          queries: {
            '{{dimension_LoadBalancer}}':
              'sum by (dimension_LoadBalancer) (aws_applicationelb_rejected_connection_count_sum)',
          },
        },
        {
          title: 'Open connections',
          description: 'On the result page about one for each viewer.',
          unit: 'short',
          queries: {
            '{{dimension_LoadBalancer}}':
              'sum by (dimension_LoadBalancer) (aws_applicationelb_active_connection_count_sum)',
          },
        },
        {
          title: 'Traffic',
          description: 'Bytes a minute, both ways.',
          unit: 'bytes',
          queries: {
            '{{dimension_LoadBalancer}}':
              'sum by (dimension_LoadBalancer) (aws_applicationelb_processed_bytes_sum)',
          },
        },
      ],
    },
    {
      title: 'Targets',
      questions: [
        {
          title: 'Healthy pods',
          description: 'Which get requests, by target group.',
          unit: 'short',
          queries: {
            '{{dimension_TargetGroup}}':
              'min by (dimension_TargetGroup) (aws_applicationelb_healthy_host_count_minimum)',
          },
        },
        {
          title: 'Unhealthy pods',
          description: 'Which fail the health check. Alert after five minutes.',
          unit: 'short',
          queries: {
            '{{dimension_TargetGroup}}':
              'max by (dimension_TargetGroup) (aws_applicationelb_un_healthy_host_count_maximum)',
          },
        },
        {
          title: 'Errors of pods',
          description: '5xx a minute that pods gave.',
          unit: 'short',
          queries: {
            '{{dimension_LoadBalancer}}':
              'sum by (dimension_LoadBalancer) (aws_applicationelb_httpcode_target_5_xx_count_sum)',
          },
        },
        {
          title: 'Time to answer',
          description: 'As the load balancer measures it, 99%. WebSockets count until they close.',
          unit: 's',
          queries: {
            '{{dimension_LoadBalancer}}':
              'max by (dimension_LoadBalancer) (aws_applicationelb_target_response_time_p99)',
          },
        },
      ],
    },
  ],
);
