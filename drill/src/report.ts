import { availableParallelism } from 'node:os';
import { acts } from './acts.ts';
import type { Outcome, Round } from './drill.ts';
import type { PollViolation } from './hosting.ts';
import type { Incident } from './incidents.ts';

const mostViolations = 3;
/** Faults this long before a vote may have to do with it. */
const beforeMs = 10_000;

/** The outcome for people, in Markdown; when a promise was broken, with the evidence. */
export function reportOf(outcome: Outcome): string {
  return [
    verdict(outcome),
    evidence(outcome),
    numbers(outcome),
    hosted(outcome),
    kinds(outcome),
    injected(outcome),
    rounds(outcome.rounds),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n');
}

function verdict({ kept, settings, incidents, hosting, score, rounds: all }: Outcome): string {
  const broken = all.reduce((sum, { violations }) => sum + violations.length, 0);
  return [
    `**${kept ? 'Every promise was kept.' : 'A promise was broken.'}**`,
    `${incidents.past.length} faults, ${hosting.past.length} things that hosts did, ${thousands(score.count('acknowledged'))} votes acknowledged,`,
    `${broken} voters whose stored choice is not the promised one.`,
    `Repeat the schedule with \`npm run drill -- --seed ${settings.seed} --minutes ${settings.minutes} --rate ${settings.rate} --faults-per-minute ${settings.faultsPerMinute}\`.`,
  ].join(' ');
}

function numbers({ settings, score, castingMs, updates, rounds: all }: Outcome): string {
  const attempts = score.count('acknowledged') + score.count('refused') + score.count('lost');
  const perSecond = (count: number) => thousands((count * 1_000) / castingMs);
  return table(
    ['', ''],
    [
      ['votes cast for', `${(castingMs / 60_000).toFixed(1)} minutes, ${settings.rate} a second offered`],
      ['votes stored at the end', thousands(all.at(-1)?.stored ?? 0)],
      ['votes sent', `${thousands(attempts)} (${perSecond(attempts)} a second)`],
      [
        'acknowledged',
        `${thousands(score.count('acknowledged'))} (${perSecond(score.count('acknowledged'))} a second); half within ${score.latency(50).toFixed(1)} ms, 99 % within ${score.latency(99).toFixed(0)} ms`,
      ],
      ['refused', thousands(score.count('refused'))],
      ['answer lost', thousands(score.count('lost'))],
      ['why', [...score.reasons].map(([reason, count]) => `${reason} ${thousands(count)}`).join(', ')],
      ['not sent, because everybody was busy', thousands(score.notOffered)],
      ['updates that viewers were shown', thousands(updates)],
      ['processors', String(availableParallelism())],
    ],
  );
}

function hosted({ hosting: { past, repeated } }: Outcome): string {
  const rows = acts.map((act) => [act, String(past.filter(({ kind }) => kind === act).length)]);
  return table(['what hosts did with polls', 'times'], [...rows, ['requests made again', String(repeated)]]);
}

function kinds({ score }: Outcome): string {
  const rows = [...score.kinds]
    .sort()
    .map(([kind, { acknowledged, refused, lost }]) => [
      kind,
      ...[acknowledged, refused, lost].map(thousands),
    ]);
  return table(['votes in polls that were', 'acknowledged', 'refused', 'answer lost'], rows);
}

function injected({ incidents, missing }: Outcome): string {
  const kinds = Map.groupBy(incidents.past, ({ kind }) => kind);
  const rows = [...kinds].sort().map(([kind, past]) => {
    const targets = Map.groupBy(past, ({ target }) => target);
    return [
      kind,
      String(past.length),
      [...targets]
        .map(([target, { length }]) => `${target} ${length}`)
        .sort()
        .join(', '),
    ];
  });
  const lines = [table(['fault', 'times', 'what it happened to'], rows)];
  if (missing.length > 0) lines.push(`Not injected here: ${missing.join('; ')}.`);
  return lines.join('\n\n');
}

function rounds(all: readonly Round[]): string {
  const rows = all.map(({ incidents, acknowledged, stored, settledAfterMs, violations, faults }, i) => [
    String(i + 1),
    String(incidents),
    thousands(acknowledged),
    thousands(stored),
    `${(settledAfterMs / 1_000).toFixed(1)} s`,
    violations.length + faults.length === 0 ? 'kept' : 'BROKEN',
  ]);
  return table(['round', 'faults', 'acknowledged', 'stored', 'at rest after', 'promises'], rows);
}

function evidence({ rounds: all, incidents, hosting }: Outcome): string {
  const past = [...incidents.past, ...hosting.past].sort((one, other) => one.from - other.from);
  const violations = all.flatMap((round) => round.violations);
  const shortest = violations.toSorted((one, other) => one.attempts.length - other.attempts.length);
  return [
    ...all.flatMap(({ faults }) => faults).map((fault) => `- ${fault}`),
    ...shortest.slice(0, mostViolations).map((violation) => history(violation, past)),
  ].join('\n');
}

function history(
  { poll, voter, stored, allowed, before, attempts }: PollViolation,
  past: readonly Incident[],
): string {
  const first = attempts[0]?.sentAt ?? 0;
  const last = attempts.at(-1)?.endedAt ?? Number.POSITIVE_INFINITY;
  const around = past.filter(({ from, to }) => to > first - beforeMs && from < last);
  return [
    `- Voter ${voter}: in ${poll} stored ${stored ?? 'nothing'}, allowed ${allowed.map((one) => one ?? 'nothing').join(' or ')}, before ${before ?? 'nothing'}.`,
    ...attempts.map(
      ({ option, through, sentAt, endedAt, outcome, reason }) =>
        `    - ${seconds(sentAt)}–${seconds(endedAt)} voted ${option} through ${through}: ${outcome}${reason === undefined ? '' : ` (${reason})`}`,
    ),
    ...around.map(({ kind, target, from, to }) => `    - ${seconds(from)}–${seconds(to)} ${kind}: ${target}`),
  ].join('\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function thousands(count: number): string {
  return Math.round(count).toLocaleString('en');
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(2)} s`;
}
