import { dashboard } from './panels.ts';

/** Pods of ours; CPU and memory of the pause container and of the pod as a whole are left out. */
const containers = 'namespace=~"voting-.*", container!=""';

export const cluster = dashboard(
  {
    uid: 'voting-cluster',
    title: 'Voting: cluster',
    description: 'Do the pods run, and is there room for more of them?',
  },
  [
    {
      title: 'Workloads',
      questions: [
        {
          title: 'Replicas missing',
          description: 'Wanted and not available. Above zero only during a rollout.',
          unit: 'short',
          queries: {
            '{{namespace}} {{deployment}}':
              'kube_deployment_spec_replicas{namespace=~"voting-.*"} - kube_deployment_status_replicas_available',
          },
        },
        {
          title: 'Replicas and their limit',
          description: 'What the autoscaler wants. At its limit it cannot help any more.',
          unit: 'short',
          queries: {
            '{{horizontalpodautoscaler}}':
              'kube_horizontalpodautoscaler_status_desired_replicas{namespace=~"voting-.*"}',
            '{{horizontalpodautoscaler}} limit':
              'kube_horizontalpodautoscaler_spec_max_replicas{namespace=~"voting-.*"}',
          },
        },
        {
          title: 'Restarts',
          description: 'In the last hour. Should be zero.',
          unit: 'short',
          queries: {
            '{{pod}} {{container}}':
              'increase(kube_pod_container_status_restarts_total{namespace=~"voting-.*"}[1h])',
          },
        },
        {
          title: 'CPU',
          description: 'Cores in use, by pod.',
          unit: 'short',
          queries: {
            '{{pod}}': `sum by (pod) (rate(container_cpu_usage_seconds_total{${containers}}[$__rate_interval]))`,
          },
        },
        {
          title: 'Memory, of its limit',
          description: 'At one the container is killed.',
          unit: 'percentunit',
          max: 1,
          queries: {
            '{{pod}} {{container}}': `max by (pod, container) (container_memory_working_set_bytes{${containers}}) / on (pod, container) max by (pod, container) (kube_pod_container_resource_limits{namespace=~"voting-.*", resource="memory"})`,
          },
        },
        {
          title: 'Throttled',
          description: 'The share of time in which a container wanted CPU and was not given any.',
          unit: 'percentunit',
          max: 1,
          queries: {
            '{{pod}} {{container}}': `rate(container_cpu_cfs_throttled_periods_total{${containers}}[$__rate_interval]) / rate(container_cpu_cfs_periods_total{${containers}}[$__rate_interval])`,
          },
        },
      ],
    },
    {
      title: 'Nodes',
      questions: [
        {
          title: 'CPU',
          description: 'The share in use.',
          unit: 'percentunit',
          max: 1,
          queries: {
            '{{instance}}':
              '1 - avg by (instance) (rate(node_cpu_seconds_total{mode="idle"}[$__rate_interval]))',
          },
        },
        {
          title: 'Memory',
          description: 'The share in use.',
          unit: 'percentunit',
          max: 1,
          queries: { '{{instance}}': '1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes' },
        },
        {
          title: 'Disk',
          description: 'The share of the root file system in use.',
          unit: 'percentunit',
          max: 1,
          queries: {
            '{{instance}}':
              '1 - node_filesystem_avail_bytes{mountpoint="/"} / node_filesystem_size_bytes{mountpoint="/"}',
          },
        },
        {
          title: 'Volumes',
          description: 'The share in use of the volumes of Redis and PostgreSQL. Alert above 85%.',
          unit: 'percentunit',
          max: 1,
          queries: {
            '{{namespace}} {{persistentvolumeclaim}}':
              '1 - kubelet_volume_stats_available_bytes{namespace=~"voting-.*"} / kubelet_volume_stats_capacity_bytes',
          },
        },
        {
          title: 'Pods that wait for a node',
          description: 'Pending pods. Above zero the cluster is too small.',
          unit: 'short',
          queries: { pending: 'sum(kube_pod_status_phase{namespace=~"voting-.*", phase="Pending"})' },
        },
      ],
    },
  ],
);
