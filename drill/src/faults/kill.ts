import type { System } from '../system.ts';
import type { Fault } from './fault.ts';

const lastsMs = [0, 2_500] as const;

/** A process is gone from one moment to the next, and started again a little later. */
export function killings({ services, redis, postgres }: System): Fault[] {
  return [
    ...services.map((service) => ({
      kind: 'process killed',
      target: service.name,
      holds: [service.name],
      lastsMs,
      async inject() {
        await service.kill();
        return async () => service.start();
      },
    })),
    ...[redis, postgres].map(({ name, server }) => ({
      kind: 'process killed',
      target: name,
      holds: [name],
      lastsMs,
      async inject() {
        await server.kill();
        return () => server.restart();
      },
    })),
  ];
}
