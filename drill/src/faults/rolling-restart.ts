import { becomesReady } from '../readiness.ts';
import type { System } from '../system.ts';
import type { Fault } from './fault.ts';

/** Every service is replaced, one after the other, as a new version is rolled out. Nothing else goes wrong then. */
export function rollingRestart(system: System): Fault[] {
  const { services, lines, redis, postgres } = system;
  return [
    {
      kind: 'rolling restart',
      target: 'all services',
      holds: [...services, ...lines, redis, postgres].map(({ name }) => name),
      lastsMs: [6_000, 6_000],
      async inject() {
        const restarting = restartAll();
        return () => restarting;
      },
    },
  ];

  async function restartAll(): Promise<void> {
    for (const service of services) {
      const code = await service.replace();
      if (code !== 0) throw new Error(`${service.name} was asked to stop and ended with ${code}`);
      await becomesReady(service);
    }
  }
}
