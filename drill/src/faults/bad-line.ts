import type { Treatment } from '../../../tests/servers/flow.ts';
import type { Condition } from '../../../tests/servers/line.ts';
import type { NamedLine } from '../start-services.ts';
import type { System } from '../system.ts';
import type { Fault } from './fault.ts';

const pass: Treatment = { kind: 'pass' };
const delay: Treatment = { kind: 'delay', ms: 250 };
const hold: Treatment = { kind: 'hold' };
const lose: Treatment = { kind: 'lose' };
const truncate: Treatment = { kind: 'truncate' };

const conditions: Readonly<Record<string, Condition>> = {
  'line slow': { toServer: delay, toClient: delay },
  // all arrives late, also what was said on connections that have been given up meanwhile
  'line held up': { toServer: hold, toClient: hold },
  'line half-open': { toServer: lose, toClient: lose },
  'answers lost': { toServer: pass, toClient: lose },
  'request cut short': { toServer: truncate, toClient: pass },
  'answer cut short': { toServer: pass, toClient: truncate },
};

/** The network between a service and a store cuts, delays, swallows or cuts short. */
export function badLines({ lines }: System): Fault[] {
  return lines.flatMap((line) => [
    badLine('line cut', line, () => line.cut()),
    ...Object.entries(conditions).map(([kind, condition]) =>
      badLine(kind, line, () => line.become(condition)),
    ),
  ]);
}

function badLine(kind: string, line: NamedLine, begin: () => void): Fault {
  return {
    kind,
    target: line.name,
    holds: [line.name],
    lastsMs: [200, 6_000],
    async inject() {
      begin();
      return async () => line.heal();
    },
  };
}
