import { spawn } from 'node:child_process';
import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { programs } from '../src/machine/programs.ts';
import { listen } from './listen.ts';

/** Where the lines of a command run; without it they are not run, and the end is the one told. */
export type Bastion =
  | { readonly path: string }
  | { readonly status: string; readonly details: string; readonly code: number; readonly afterMs?: number };

export interface SentCommand {
  readonly instance: string;
  readonly lines: readonly string[];
  readonly executionTimeoutSeconds: number;
}

/** As Terraform's unit facts writes them for stores in the cluster and no domain. */
export const facts = { vpcId: 'vpc-0abc', backupBucket: 'backups', managedStores: null, domain: null };

export interface Options {
  /** Of those that carry the tags that are asked for, whose agents answer. */
  readonly instances?: readonly string[];
  /** How often it is asked for instances before there are any. */
  readonly bootedAfter?: number;
  /** The parameter with what Terraform made; none is there when null. */
  readonly facts?: object | null;
}

export interface AwsPeer {
  readonly env: NodeJS.ProcessEnv;
  readonly objects: Map<string, Buffer>;
  readonly sent: SentCommand[];
  readonly cancelled: string[];
  /** By which instances were asked for. */
  readonly filters: readonly { readonly Key: string; readonly Values: readonly string[] }[];
  /** How often the state of a command was asked for. */
  polls(): number;
  close(): Promise<void>;
}

interface Run {
  status: string;
  details: string;
  code: number;
  stdout: string;
  stderr: string;
  asked: number;
}

/** As much as SSM keeps. */
const kept = { stdout: 24_000, stderr: 8_000 };

/**
 * As much of S3 and SSM as a bastion's user needs, over HTTP. SSM runs what it is sent with bash on this
 * machine, in an environment with nothing but the given PATH, and like the real one does not know a command
 * at first, says InProgress while it runs, and keeps only the beginning of its output.
 */
export async function startAws(
  bastion: Bastion,
  { instances = ['i-0123456789'], bootedAfter = 0, facts: known = facts }: Options = {},
): Promise<AwsPeer> {
  let askedForInstances = 0;
  const objects = new Map<string, Buffer>();
  const sent: SentCommand[] = [];
  const filters: { readonly Key: string; readonly Values: readonly string[] }[] = [];
  const cancelled: string[] = [];
  const runs = new Map<string, Run>();
  let polls = 0;

  const server = createServer(async (request, response) => {
    const target = request.headers['x-amz-target'];
    if (target === undefined) {
      const { status, body } = await storage(request);
      return response.writeHead(status).end(request.method === 'HEAD' ? undefined : body);
    }
    const { status, body } = systemsManager(
      String(target).split('.')[1] ?? '',
      JSON.parse(await text(request)),
    );
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
    return response.end(JSON.stringify(body));
  });
  const { host, close } = await listen(server);

  async function storage(request: IncomingMessage): Promise<{ status: number; body?: Buffer | string }> {
    const key = decodeURIComponent((request.url ?? '').split('?')[0] ?? '');
    if (request.method === 'PUT') {
      objects.set(key, unchunked(request, Buffer.from(await readAll(request))));
      return { status: 200 };
    }
    const found = objects.get(key);
    // as if somebody had handed over kubectl and helm before
    const handedOver = programs.some(({ sha256 }) => key.endsWith(sha256));
    if (handedOver && request.method === 'HEAD') return { status: 200 };
    if (found !== undefined) return { status: 200, body: found };
    return { status: 404, body: '<Error><Code>NoSuchKey</Code><Message>no such key</Message></Error>' };
  }

  // biome-ignore lint/suspicious/noExplicitAny: the bodies of another party's protocol
  function systemsManager(action: string, input: any): { status: number; body: unknown } {
    if (action === 'DescribeInstanceInformation') {
      filters.push(...input.Filters);
      const booted = askedForInstances++ >= bootedAfter;
      const list = instances.map((InstanceId) => ({
        InstanceId,
        PingStatus: booted ? 'Online' : 'Inactive',
      }));
      return { status: 200, body: { InstanceInformationList: list } };
    }
    if (action === 'GetParameter') {
      if (known === null) return { status: 400, body: { __type: 'ParameterNotFound' } };
      return { status: 200, body: { Parameter: { Name: input.Name, Value: JSON.stringify(known) } } };
    }
    if (action === 'SendCommand') {
      const CommandId = `command-${runs.size}`;
      sent.push({
        instance: input.InstanceIds[0],
        lines: input.Parameters.commands,
        executionTimeoutSeconds: Number(input.Parameters.executionTimeout[0]),
      });
      runs.set(CommandId, start(input));
      return { status: 200, body: { Command: { CommandId } } };
    }
    if (action === 'CancelCommand') {
      cancelled.push(input.CommandId);
      return { status: 200, body: {} };
    }
    polls++;
    const run = runs.get(input.CommandId);
    if (run === undefined || run.asked++ === 0)
      return { status: 400, body: { __type: 'InvocationDoesNotExist' } };
    return {
      status: 200,
      body: {
        Status: run.status,
        StatusDetails: run.details,
        ResponseCode: run.code,
        StandardOutputContent: run.stdout.slice(0, kept.stdout),
        StandardErrorContent: run.stderr.slice(0, kept.stderr),
      },
    };
  }

  // biome-ignore lint/suspicious/noExplicitAny: the bodies of another party's protocol
  function start(input: any): Run {
    const run: Run = {
      status: 'InProgress',
      details: 'InProgress',
      code: -1,
      stdout: '',
      stderr: '',
      asked: 0,
    };
    if (!('path' in bastion)) {
      const { status, details, code, afterMs = 0 } = bastion;
      setTimeout(() => Object.assign(run, { status, details, code }), afterMs).unref();
      return run;
    }
    const env = { PATH: bastion.path, PEER: `http://${host}` };
    const lines = input.Parameters.commands.join('\n');
    const child = spawn('bash', ['-c', lines], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.on('data', (data) => {
      run.stdout += data;
    });
    child.stderr.on('data', (data) => {
      run.stderr += data;
    });
    child.on('close', (code) => {
      const status = code === 0 ? 'Success' : 'Failed';
      Object.assign(run, { status, details: status, code: code ?? 1 });
    });
    return run;
  }

  return {
    env: {
      AWS_ENDPOINT_URL: `http://${host}`,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_REGION: 'eu-central-1',
      AWS_ACCOUNT_ID: '123456789012',
    },
    objects,
    filters,
    sent,
    cancelled,
    polls: () => polls,
    close,
  };
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The SDK sends a body in chunks with a checksum after the last: size in hex, bytes, and so on. */
function unchunked(request: IncomingMessage, body: Buffer): Buffer {
  if (!String(request.headers['content-encoding'] ?? '').includes('aws-chunked')) return body;
  const parts: Buffer[] = [];
  for (let at = 0; at < body.length; ) {
    const end = body.indexOf('\r\n', at);
    const size = Number.parseInt(body.toString('latin1', at, end), 16);
    if (size === 0) break;
    parts.push(body.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
  return Buffer.concat(parts);
}
