import { openWireViewer, type WireViewer } from '../../../tests/viewer-wire.ts';
import type { System } from '../system.ts';
import type { Fault } from './fault.ts';

const crowd = 100;

/** Many follow the results and read nothing of them, although they say that they are there. */
export function deafViewers({ result }: System): Fault[] {
  return [
    {
      kind: 'viewers who read nothing',
      target: result.name,
      holds: ['viewers who read nothing'],
      // some are still there when the others have been sent away
      lastsMs: [2_000, 15_000],
      async inject() {
        const viewers = await Promise.all(Array.from({ length: crowd }, openDeafViewer));
        return async () => {
          for (const viewer of viewers) viewer?.close();
        };
      },
    },
  ];

  /** Undefined when the service is away, which may be a fault of its own. */
  async function openDeafViewer(): Promise<WireViewer | undefined> {
    const viewer = await openWireViewer(result.address).catch(() => undefined);
    viewer?.turnDeaf();
    return viewer;
  }
}
