import { setTimeout as pause } from 'node:timers/promises';
import { isReady, type Service, startService } from '../../../tests/product.ts';
import { freePorts } from '../../../tests/servers/free-ports.ts';

export type ServiceName = 'vote' | 'worker' | 'result';

const startMs = 20_000;

/** A service of ours in a process of its own, started as its image starts it. */
export interface RunningService
  extends AsyncDisposable,
    Pick<Service, 'address' | 'ops' | 'pause' | 'resume'> {}

/** Starts a service and waits until it says that it is ready. */
export async function startReady(name: ServiceName, env: NodeJS.ProcessEnv): Promise<RunningService> {
  const [port, ops] = (await freePorts(2)) as [number, number];
  const voterSecret = { VOTER_SECRET: 'a secret that only the benchmarks use' };
  const service = startService(name, { port, ops }, { LOG_LEVEL: 'warn', ...voterSecret, ...env });
  const deadline = Date.now() + startMs;
  while (!(await isReady(service))) {
    if (Date.now() > deadline)
      throw new Error(`${name} is not ready after ${startMs} ms:\n${service.output()}`);
    await pause(50);
  }
  return {
    ...service,
    async [Symbol.asyncDispose]() {
      await service.end('SIGKILL');
    },
  };
}

/** Seconds of processor time that the process has used so far. */
export async function processorSeconds({ ops }: { readonly ops: string }): Promise<number> {
  return metric(ops, 'process_cpu_seconds_total');
}

/** The sum of a metric over its labels. */
export async function metric(ops: string, name: string): Promise<number> {
  const text = await (await fetch(`${ops}/metrics`)).text();
  const lines = text.split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
}
