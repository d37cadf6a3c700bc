import type { System } from '../system.ts';
import { badLines } from './bad-line.ts';
import { clockJumps } from './clock-jump.ts';
import { deafViewers } from './deaf-viewers.ts';
import { emptiedRedis } from './emptied-redis.ts';
import type { Fault } from './fault.ts';
import { freezings } from './freeze.ts';
import { fullDisks } from './full-disk.ts';
import { fullRedis } from './full-redis.ts';
import { killings } from './kill.ts';
import { refusingPostgres } from './refusing-postgres.ts';
import { rollingRestart } from './rolling-restart.ts';

/** Everything that can go wrong with this system, each fault with each part that it can happen to. */
export function faultsOf(system: System): readonly Fault[] {
  return [
    killings,
    freezings,
    badLines,
    fullRedis,
    refusingPostgres,
    fullDisks,
    clockJumps,
    emptiedRedis,
    deafViewers,
    rollingRestart,
  ].flatMap((faults) => faults(system));
}

/** What cannot go wrong here, and why. */
export function missingFaults({ redis, redisClock, postgres, clocks }: System): readonly string[] {
  return [
    ...(redis.disk && postgres.disk ? [] : ['disk full: this user may not mount a tmpfs']),
    ...(clocks.size > 0 ? [] : ['clock jumps: there is no libfaketime']),
    ...(redisClock !== undefined ? [] : ['clock of Redis: it cannot be set here']),
  ];
}
