import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-ports.ts';
import { startServerProcess } from './server-process.ts';

export interface PrometheusServer {
  readonly url: string;
  /** What `expr` evaluates to now, a sample for each series. */
  query(expr: string): Promise<readonly Sample[]>;
  stop(): Promise<void>;
}

export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Starts a real Prometheus with this configuration and data of its own. */
export async function startPrometheus(config: string): Promise<PrometheusServer> {
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), 'voting-prometheus-'));
  await writeFile(join(folder, 'prometheus.yml'), config);
  const url = `http://127.0.0.1:${port}`;
  const server = await startServerProcess(
    {
      command: 'prometheus',
      args: [
        `--config.file=${join(folder, 'prometheus.yml')}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
      ],
      temporaryFolder: folder,
    },
    /Server is ready to receive web requests/,
  );
  return {
    url,
    async query(expr) {
      const answer = await fetch(`${url}/api/v1/query`, {
        method: 'POST',
        body: new URLSearchParams({ query: expr }),
      });
      const { data, error } = (await answer.json()) as Answer;
      if (data === undefined) throw new Error(`${error}: ${expr}`);
      return data.result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
    },
    async stop() {
      await server.signal('SIGKILL');
      await server.ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

interface Answer {
  readonly error?: string;
  readonly data?: {
    readonly result: readonly { readonly metric: Record<string, string>; readonly value: [number, string] }[];
  };
}
