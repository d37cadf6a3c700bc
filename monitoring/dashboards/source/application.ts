import { dashboard, type Question } from './panels.ts';

/** Rate, errors and duration of the requests to a page. */
function requests(page: 'vote' | 'result' | 'host'): readonly Question[] {
  const metric = `${page}_http_request_duration_seconds`;
  const duration = (quantile: number) =>
    `histogram_quantile(${quantile}, sum by (le) (rate(${metric}_bucket[$__rate_interval])))`;
  return [
    {
      title: `Requests to the ${page} page`,
      description: 'By the status of the answer. 303 and 202 are votes that were accepted.',
      unit: 'reqps',
      queries: { '{{status}}': `sum by (status) (rate(${metric}_count[$__rate_interval]))` },
    },
    {
      title: `Errors of the ${page} page`,
      description: 'The share of requests that end in a 5xx of ours. Alert above 5%.',
      unit: 'percentunit',
      queries: {
        errors: `(sum(rate(${metric}_count{status=~"5.."}[$__rate_interval])) or vector(0)) / sum(rate(${metric}_count[$__rate_interval]))`,
      },
    },
    {
      title: `Duration at the ${page} page`,
      description: 'From the head of a request to the end of its answer.',
      unit: 's',
      queries: { median: duration(0.5), '99%': duration(0.99) },
    },
  ];
}

export const application = dashboard(
  {
    uid: 'voting-application',
    title: 'Voting: application',
    description: 'Are votes taken, counted and shown, and how late?',
  },
  [
    {
      title: 'The vote',
      questions: [
        {
          title: 'Votes accepted and counted',
          description:
            'The two lines lie on each other when the count keeps up. Refused votes are not in either.',
          unit: 'short',
          queries: {
            'accepted per second': 'sum(rate(vote_votes_accepted_total[$__rate_interval]))',
            'counted per second': 'sum(rate(worker_votes_counted_total[$__rate_interval]))',
            'refused per second': 'sum(rate(vote_votes_rejected_total[$__rate_interval]))',
          },
        },
        {
          title: 'Votes that wait',
          description: 'In the queue and in the hands of workers. Alert when it grows for five minutes.',
          unit: 'short',
          queries: { waiting: 'voting:queue_pending_votes:max' },
        },
        {
          title: 'From vote to screen',
          description:
            'How old the oldest vote of a batch is when it is stored, how old the oldest vote is that still waits, and how long ago the results were read for the screen. Alert above ten seconds.',
          unit: 's',
          queries: {
            'stored, median':
              'histogram_quantile(0.5, sum by (le) (rate(worker_batch_age_seconds_bucket[$__rate_interval])))',
            'stored, 99%':
              'histogram_quantile(0.99, sum by (le) (rate(worker_batch_age_seconds_bucket[$__rate_interval])))',
            'oldest waiting': 'voting:queue_lag_seconds:max',
            'results read': 'time() - min(result_last_reading_timestamp_seconds)',
          },
        },
      ],
    },
    {
      title: 'Refusals and voters',
      questions: [
        {
          title: 'Refused votes',
          description: 'By code. queue_full and queue_unavailable are ours; the others are the sender’s.',
          unit: 'short',
          queries: { '{{code}}': 'sum by (code) (rate(vote_votes_rejected_total[$__rate_interval]))' },
        },
        {
          title: 'Votes without the page',
          description:
            'The share of accepted votes whose voter never loaded the page. People in browsers are near zero; programs are near one.',
          unit: 'percentunit',
          max: 1,
          queries: { share: 'voting:voters_new:ratio_rate5m' },
        },
        {
          title: 'Voters and choices',
          description: 'Voters counted for the first time, and voters who changed their choice.',
          unit: 'short',
          queries: {
            'new voters per second': 'sum(rate(worker_voters_added_total[$__rate_interval]))',
            'changed choices per second': 'sum(rate(worker_choices_changed_total[$__rate_interval]))',
          },
        },
      ],
    },
    { title: 'Vote page', questions: requests('vote') },
    { title: 'Result page', questions: requests('result') },
    { title: 'Host page', questions: requests('host') },
    {
      title: 'Viewers',
      questions: [
        {
          title: 'Viewers',
          description: 'Connected now. Alert when more than half leave within ten minutes.',
          unit: 'short',
          queries: { viewers: 'voting:viewers:sum' },
        },
        {
          title: 'Reading the tallies',
          description: 'How long a reading takes; there are at most ten a second and service.',
          unit: 's',
          queries: {
            median:
              'histogram_quantile(0.5, sum by (le) (rate(result_query_duration_seconds_bucket[$__rate_interval])))',
            '99%':
              'histogram_quantile(0.99, sum by (le) (rate(result_query_duration_seconds_bucket[$__rate_interval])))',
          },
        },
        {
          title: 'Since the last broadcast',
          description: 'How long viewers have been sent nothing new. It grows while nobody votes.',
          unit: 's',
          queries: { '{{instance}}': 'time() - result_last_broadcast_timestamp_seconds > 0' },
        },
      ],
    },
    {
      title: 'Workers',
      questions: [
        {
          title: 'Since the last report',
          description: 'Each worker reports every second. Alert after 15.',
          unit: 's',
          queries: { '{{instance}}': 'time() - worker_last_heartbeat_timestamp_seconds' },
        },
        {
          title: 'Batches',
          description: 'Votes in a batch, on average, and how long recording it takes.',
          unit: 'short',
          queries: {
            votes:
              'sum(rate(worker_batch_votes_sum[$__rate_interval])) / sum(rate(worker_batch_votes_count[$__rate_interval]))',
            'milliseconds, 99%':
              '1000 * histogram_quantile(0.99, sum by (le) (rate(worker_batch_duration_seconds_bucket[$__rate_interval])))',
          },
        },
        {
          title: 'Dead letters',
          description: 'Votes set aside because they can never be counted, in the last hour. Should be zero.',
          unit: 'short',
          queries: { '{{reason}}': 'sum by (reason) (increase(worker_dead_letters_total[1h]))' },
        },
      ],
    },
    {
      title: 'Processes',
      questions: [
        {
          title: 'CPU',
          description: 'Cores in use. A process of ours uses little more than one.',
          unit: 'short',
          queries: {
            '{{job}} {{instance}}':
              'rate(process_cpu_seconds_total{job=~"vote|worker|result|host|voting-app"}[$__rate_interval])',
          },
        },
        {
          title: 'Memory',
          description: 'Resident memory of each process.',
          unit: 'bytes',
          queries: {
            '{{job}} {{instance}}':
              'process_resident_memory_bytes{job=~"vote|worker|result|host|voting-app"}',
          },
        },
        {
          title: 'Event loop lag',
          description: 'How late timers run, 99%. Above 0.1 s the process has more to do than it can.',
          unit: 's',
          queries: { '{{job}} {{instance}}': 'nodejs_eventloop_lag_p99_seconds' },
        },
      ],
    },
  ],
);
