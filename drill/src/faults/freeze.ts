import type { System } from '../system.ts';
import type { Fault } from './fault.ts';

/** Longer than everybody's patience at times: that of voters, of the vote service and of workers. */
const lastsMs = [300, 8_000] as const;

/** A process stops in its tracks (SIGSTOP) and later goes on as if nothing had been. */
export function freezings({ services, redis, postgres }: System): Fault[] {
  return [
    ...services.map((service) => ({
      kind: 'process frozen',
      target: service.name,
      holds: [service.name],
      lastsMs,
      async inject() {
        service.freeze();
        return async () => service.thaw();
      },
    })),
    ...[redis, postgres].map(({ name, server }) => ({
      kind: 'process frozen',
      target: name,
      holds: [name],
      lastsMs,
      async inject() {
        await server.pause();
        return () => server.resume();
      },
    })),
  ];
}
