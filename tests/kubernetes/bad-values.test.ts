import { describe, expect, it } from 'vitest';
import { type Chart, helm, images } from './render.ts';

const prod = ['--values', 'helm-chart/vote-app/values-prod.yaml'];
const certificate = 'ingress.alb.certificateArn=arn:aws:acm:us-east-1:000000000000:certificate/x';

/** What Helm says to a chart with these values; it must refuse them. */
async function refusal(chart: Chart, ...args: readonly string[]): Promise<string> {
  const given = chart === 'vote-app' ? images() : [];
  const { code, stdout, stderr } = await helm('template', chart, `helm-chart/${chart}`, ...given, ...args);
  expect(code, stdout).not.toBe(0);
  return stderr;
}

const set = (value: string) => ['--set', value];

describe('values that cannot be meant are refused, and the answer says what to set', () => {
  it.each<[string, Chart, readonly string[], string]>([
    [
      'an unknown key',
      'vote-app',
      set('vote.replicaCount=2'),
      "additional properties 'replicaCount' not allowed",
    ],
    ['a key of another chart', 'vote-app', set('persistence.size=1Gi'), "'persistence' not allowed"],
    ['an unknown key far inside', 'vote-app', set('ingress.alb.certificate=x'), "'certificate' not allowed"],
    ['global values', 'redis', set('global.namespace=x'), 'maxProperties'],
    ['values for the library', 'redis', set('workload.user=0'), 'maxProperties'],
    [
      'less than no replicas',
      'vote-app',
      set('worker.replicas=-1'),
      "at '/worker/replicas': minimum: got -1, want 0",
    ],
    [
      'a worker that KEDA may stop',
      'vote-app',
      set('worker.keda.minReplicas=0'),
      "at '/worker/keda/minReplicas'",
    ],
    [
      'a network that is none',
      'vote-app',
      set('ingress.fromCidrs={10.0.1.300/24}'),
      "at '/ingress/fromCidrs/0'",
    ],
    [
      'an address without a prefix',
      'vote-app',
      set('ingress.fromCidrs={10.0.1.3}'),
      "at '/ingress/fromCidrs/0'",
    ],
    ['the whole internet', 'vote-app', set('ingress.fromCidrs={0.0.0.0/0}'), "at '/ingress/fromCidrs/0'"],
    ['a store anywhere', 'vote-app', set('redis.externalCidrs={0.0.0.0/0}'), "at '/redis/externalCidrs/0'"],
    ['one option only', 'vote-app', set('poll.options={Cats}'), 'minItems: got 1, want 2'],
    ['the same option twice', 'vote-app', set('poll.options={Cats,Cats}'), "at '/poll/options': items at"],
    [
      'an image without a tag',
      'vote-app',
      set('vote.image.tag='),
      'Set vote.image.tag or vote.image.digest.',
    ],
    ['the tag latest', 'vote-app', set('worker.image.tag=latest'), 'Set worker.image.tag to sha-<commit>'],
    ['the tag latest of a store', 'redis', set('image.tag=latest'), 'Set image.tag to sha-<commit>'],
    ['a digest that is none', 'vote-app', set('vote.image.digest=sha256:12'), "at '/vote/image/digest'"],
    ['HTTPS without a certificate', 'vote-app', prod, 'ingress.alb.certificateArn: https needs the ARN'],
    [
      'a certificate that is none',
      'vote-app',
      [...prod, ...set('ingress.alb.certificateArn=x')],
      "at '/ingress/alb/certificateArn'",
    ],
    [
      'an old TLS policy',
      'vote-app',
      set('ingress.alb.sslPolicy=ELBSecurityPolicy-2016-08'),
      "at '/ingress/alb/sslPolicy'",
    ],
    [
      'an Ingress that policies shut',
      'vote-app',
      set('ingress.enabled=true'),
      'Set ingress.fromCidrs to the subnets',
    ],
    [
      'an Ingress of host that policies shut',
      'vote-app',
      [...set('ingress.enabled=true'), ...set('ingress.fromCidrs={10.0.1.0/24}')],
      'Set ingress.hostFromCidrs to its subnets',
    ],
    [
      'a scheme that is none',
      'vote-app',
      set('ingress.alb.hostScheme=private'),
      "at '/ingress/alb/hostScheme'",
    ],
    [
      'AWS without a prefix',
      'infrastructure',
      [...set('secrets.source=aws'), ...set('secrets.aws.region=eu-west-1')],
      'secrets.aws.prefix: set it to',
    ],
    [
      'AWS without a region',
      'infrastructure',
      [...set('secrets.source=aws'), ...set('secrets.aws.prefix=a/b')],
      'secrets.aws.region: set it to',
    ],
    ['secrets from nowhere', 'infrastructure', set('secrets.source=vault'), "at '/secrets/source'"],
    ['a switched-off volume', 'redis', set('persistence.enabled=false'), "'enabled' not allowed"],
    [
      'dumps that go nowhere',
      'postgresql',
      set('backup.enabled=true'),
      'Set backup.s3.bucket, or backup.claim to a volume claim that is there.',
    ],
    [
      'dumps that go to two places',
      'postgresql',
      [...set('backup.enabled=true'), ...set('backup.s3.bucket=abc'), ...set('backup.claim=dumps')],
      'Set backup.s3.bucket or backup.claim, not both.',
    ],
    [
      'a bucket without a region',
      'postgresql',
      [...set('backup.enabled=true'), ...set('backup.s3.bucket=abc')],
      'backup.s3.region: set it to the region of the bucket',
    ],
    ['no backup kept', 'postgresql', set('backup.keep=0'), "at '/backup/keep'"],
    ['a size without a unit', 'postgresql', set('persistence.size=lots'), "at '/persistence/size'"],
  ])('%s', async (_, chart, args, expected) => {
    expect(await refusal(chart, ...args)).toContain(expected);
  });

  it('but takes what they say', async () => {
    const given = [...images(), ...prod, ...set(certificate)];
    expect(await helm('template', 'x', 'helm-chart/vote-app', ...given)).toMatchObject({ code: 0 });
  });
});
