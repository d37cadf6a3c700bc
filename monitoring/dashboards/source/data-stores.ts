import { dashboard } from './panels.ts';

export const dataStores = dashboard(
  {
    uid: 'voting-data-stores',
    title: 'Voting: data stores',
    description: 'Do Redis and PostgreSQL answer, and how much room is left?',
  },
  [
    {
      title: 'Redis',
      questions: [
        {
          title: 'Redis answers',
          description: '1 when it does. Without Redis votes are refused.',
          unit: 'short',
          max: 1,
          queries: { '{{instance}}': 'redis_up' },
        },
        {
          title: 'Memory',
          description: 'When used reaches the limit, votes are refused. Alert above 80%.',
          unit: 'bytes',
          queries: {
            used: 'redis_memory_used_bytes',
            limit: 'redis_memory_max_bytes > 0',
          },
        },
        {
          title: 'Commands',
          description:
            'By name. XADD is a batch of votes that left together, XREADGROUP and XACK are batches of those.',
          unit: 'ops',
          queries: { '{{cmd}}': 'topk(8, sum by (cmd) (rate(redis_commands_total[$__rate_interval])))' },
        },
        {
          title: 'Time per XADD',
          description: 'Inside Redis, on average, without the wait for the disk.',
          unit: 's',
          queries: {
            xadd: 'rate(redis_commands_duration_seconds_total{cmd="xadd"}[$__rate_interval]) / rate(redis_commands_total{cmd="xadd"}[$__rate_interval])',
          },
        },
        {
          title: 'Clients',
          description: 'Connections. Each vote service and worker holds a few.',
          unit: 'short',
          queries: { connected: 'redis_connected_clients' },
        },
        {
          title: 'Append-only file',
          description: 'The last write succeeded (1), and writes that had to wait for the disk.',
          unit: 'short',
          queries: {
            'last write succeeded': 'redis_aof_last_write_status',
            'delayed per second': 'rate(redis_aof_delayed_fsync[$__rate_interval])',
          },
        },
      ],
    },
    {
      title: 'PostgreSQL',
      questions: [
        {
          title: 'PostgreSQL answers',
          description: '1 when it does. Without PostgreSQL votes wait in the queue.',
          unit: 'short',
          max: 1,
          queries: { '{{instance}}': 'pg_up' },
        },
        {
          title: 'Connections',
          description: 'Taken, and how many there may be. Alert above 80%.',
          unit: 'short',
          queries: {
            taken: 'sum(pg_stat_database_numbackends)',
            limit: 'max(pg_settings_max_connections)',
          },
        },
        {
          title: 'Transactions',
          description: 'Committed and rolled back, per second. A batch of votes is one.',
          unit: 'ops',
          queries: {
            committed: 'sum(rate(pg_stat_database_xact_commit[$__rate_interval]))',
            'rolled back': 'sum(rate(pg_stat_database_xact_rollback[$__rate_interval]))',
          },
        },
        {
          title: 'Rows written',
          description: 'Inserted and updated, per second.',
          unit: 'short',
          queries: {
            inserted: 'sum(rate(pg_stat_database_tup_inserted[$__rate_interval]))',
            updated: 'sum(rate(pg_stat_database_tup_updated[$__rate_interval]))',
          },
        },
        {
          title: 'Size of the databases',
          description: 'On disk. About 200 bytes a voter.',
          unit: 'bytes',
          queries: { '{{datname}}': 'pg_database_size_bytes{datname!~"template.*"}' },
        },
        {
          title: 'Reads served from memory',
          description: 'The share of blocks that were in memory already.',
          unit: 'percentunit',
          max: 1,
          queries: {
            share:
              'sum(rate(pg_stat_database_blks_hit[$__rate_interval])) / (sum(rate(pg_stat_database_blks_hit[$__rate_interval])) + sum(rate(pg_stat_database_blks_read[$__rate_interval])))',
          },
        },
      ],
    },
  ],
);
