import { isReady, type Service, startService } from '../../tests/product.ts';

/** The place of one service: a process runs in it, ends, and another takes its place on the same ports. */
export interface ServiceSlot {
  readonly name: string;
  readonly address: string;
  isReady(): Promise<boolean>;
  /** Ends the process at once. */
  kill(): Promise<void>;
  start(): void;
  /** Asks the process to stop and starts the next. Resolves with the exit status of the first. */
  replace(): Promise<number | null>;
  freeze(): void;
  thaw(): void;
  /** What processes wrote that ended although nobody had ended them. */
  readonly crashes: readonly string[];
}

export interface ServiceSlotConfig {
  readonly name: string;
  readonly program: 'vote' | 'worker' | 'result' | 'host';
  readonly ports: { readonly port: number; readonly ops: number };
  readonly env: Readonly<Record<string, string>>;
}

/** Starts the service, without waiting until it is ready. */
export function openServiceSlot({ name, program, ports, env }: ServiceSlotConfig): ServiceSlot {
  const crashes: string[] = [];
  let current = launch();

  function launch(): Service {
    const service = startService(program, ports, env);
    service.ended.then(({ code, output }) => {
      if (current === service) crashes.push(`${name} ended with ${code}:\n${output.slice(-2_000)}`);
    });
    return service;
  }

  /** From here on the end of this process is no crash. */
  async function end(signal: NodeJS.Signals): Promise<number | null> {
    const service = current;
    current = nobody(service);
    return (await service.end(signal)).code;
  }

  return {
    name,
    address: current.address,
    isReady: () => isReady(current),
    async kill() {
      await end('SIGKILL');
    },
    start() {
      current = launch();
    },
    async replace() {
      const code = await end('SIGTERM');
      current = launch();
      return code;
    },
    freeze: () => current.pause(),
    thaw: () => current.resume(),
    crashes,
  };
}

/** The same place while no process is in it. */
function nobody(service: Service): Service {
  return { ...service, pause: () => {}, resume: () => {} };
}
