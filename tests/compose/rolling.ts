import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

/** How votes that were cast at a steady rate ended. */
export interface Cast {
  readonly accepted: number;
  /** Everything but an acknowledgement: statuses, and the codes of broken connections. */
  readonly failed: readonly string[];
}

/**
 * Casts votes over connections that are kept open, as a proxy keeps them, and begins new ones at whatever `endpoint` is
 * then, as Kubernetes' Services do.
 */
export function castSteadily(votesASecond: number, endpoint: () => string) {
  const stopping = new AbortController();
  const failed: string[] = [];
  let accepted = 0;
  const agents = new Map<string, Agent>();

  function agentFor(url: string): Agent {
    const agent = agents.get(url) ?? new Agent({ keepAlive: true, maxSockets: 16, scheduling: 'fifo' });
    agents.set(url, agent);
    return agent;
  }

  /** Some of the time over what is kept open to where votes no longer should go, as a proxy that has not heard yet. */
  function target(): string {
    const kept = [...agents].filter(([, agent]) => Object.keys(agent.freeSockets).length > 0);
    const any = kept[Math.floor(Math.random() * kept.length)];
    return any?.[0] ?? endpoint();
  }

  function castOne(): Promise<void> {
    const url = Math.random() < 0.5 ? endpoint() : target();
    const body = 'vote=a';
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      'content-length': body.length,
      accept: 'application/json',
    };
    return new Promise((resolve) => {
      const sent = request(
        url,
        { method: 'POST', agent: agentFor(url), headers, timeout: 10_000 },
        (answer) => {
          if (answer.statusCode === 202) accepted++;
          else failed.push(String(answer.statusCode));
          answer.resume().once('close', resolve);
        },
      );
      sent.once('error', (error: NodeJS.ErrnoException) => {
        failed.push(`${error.code}${sent.reusedSocket ? ' on a kept connection' : ''}`);
        resolve();
      });
      sent.once('timeout', () => sent.destroy());
      sent.end(body);
    });
  }

  async function cast(): Promise<void> {
    const underWay = new Set<Promise<void>>();
    const start = performance.now();
    for (let n = 0; !stopping.signal.aborted; n++) {
      const due = start + (n / votesASecond) * 1_000 - performance.now();
      if (due > 1) await pause(due);
      const one = castOne().finally(() => underWay.delete(one));
      underWay.add(one);
    }
    await Promise.all(underWay);
  }

  const casting = cast();
  return {
    /** Ends it, and resolves when every vote has its answer. */
    async stop(): Promise<Cast> {
      stopping.abort();
      await casting;
      for (const agent of agents.values()) agent.destroy();
      return { accepted, failed };
    },
  };
}
