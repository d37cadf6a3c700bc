import type { System } from '../system.ts';
import type { Fault } from './fault.ts';

/** No byte is free where a store keeps its data. It may end by that; it is started again when there is room. */
export function fullDisks({ redis, postgres }: System): Fault[] {
  return [redis, postgres].flatMap(({ name, server, disk }) =>
    disk === undefined
      ? []
      : {
          kind: 'disk full',
          target: name,
          holds: [name],
          lastsMs: [1_500, 6_000] as const,
          async inject() {
            await disk.fill();
            return async () => {
              await disk.clear();
              await server.restart();
            };
          },
        },
  );
}
