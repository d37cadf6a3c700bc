import type { System } from '../system.ts';
import type { Fault } from './fault.ts';

const hour = 3_600;

/** The clock of a service or of Redis is wrong for a while: it jumps, and later jumps back. */
export function clockJumps({ clocks }: System): Fault[] {
  return [...clocks].flatMap(([name, clock]) =>
    [-hour, hour].map((secondsOff) => ({
      kind: secondsOff < 0 ? 'clock an hour back' : 'clock an hour ahead',
      target: name,
      holds: [`clock of ${name}`],
      lastsMs: [1_000, 6_000] as const,
      async inject() {
        await clock.set(secondsOff);
        return () => clock.set(0);
      },
    })),
  );
}
