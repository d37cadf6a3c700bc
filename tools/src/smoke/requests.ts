import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { text as readText } from 'node:stream/consumers';
import type { Machine } from '../machine/machine.ts';

export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** A GET, or a POST of a form. Rejects when no whole answer came. */
export type Request = (url: string, form?: Readonly<Record<string, string>>) => Promise<Answer>;

/** Where to connect for a host, instead of asking DNS: Host header and certificate stay the host's. */
export type ConnectTo = Readonly<Record<string, string>>;

const patienceMs = 10_000;

/** Requests from this machine. */
export function createRequestsFromHere(connectTo: ConnectTo = {}): Request {
  return async (address, form) => {
    const { protocol, host, hostname, port, pathname, search } = new URL(address);
    const send = protocol === 'https:' ? requestHttps : requestHttp;
    const [target = '', targetPort = port] = (connectTo[host] ?? hostname).split(':');
    const body = form === undefined ? undefined : new URLSearchParams(form).toString();
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const sent = send({
      host: target,
      ...(targetPort === '' ? {} : { port: targetPort }),
      ...(protocol === 'https:' ? { servername: hostname } : {}),
      path: `${pathname}${search}`,
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        host,
        accept: acceptOf(form),
        ...(body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
      },
      signal: AbortSignal.timeout(patienceMs),
    });
    sent.on('error', reject);
    sent.on('response', (answer) => {
      readText(answer).then((text) => resolve({ status: answer.statusCode ?? 0, text }), reject);
    });
    sent.end(body);
    return promise;
  };
}

/** Requests from a machine that reaches what we cannot, such as an internal load balancer. */
export function createRequestsFrom(machine: Machine, connectTo: ConnectTo = {}): Request {
  return async (url, form) => {
    const { host } = new URL(url);
    const fields = Object.entries(form ?? {}).flatMap(([name, value]) => [
      '--data-urlencode',
      `${name}=${value}`,
    ]);
    const way = connectTo[host] === undefined ? [] : ['--connect-to', connection(host, connectTo[host])];
    const limits = ['--silent', '--show-error', '--max-time', `${patienceMs / 1000}`];
    const headers = ['--header', `accept: ${acceptOf(form)}`];
    const { code, stdout, stderr } = await machine.run(
      ['curl', ...limits, ...headers, ...fields, ...way, '--write-out', '%{stderr}%{http_code}', url],
      { limitMs: 3 * patienceMs },
    );
    const status = /\d{3}$/.exec(stderr.trim())?.[0];
    if (code !== 0 || status === undefined) throw new Error(stderr.trim());
    return { status: Number(status), text: stdout };
  };
}

/** As curl has it: HOST:PORT:HOST:PORT, where no port is any port. */
function connection(host: string, to: string): string {
  const both = (name: string) => (name.includes(':') ? name : `${name}:`);
  return `${both(host)}:${both(to)}`;
}

function acceptOf(form: unknown): string {
  return form === undefined ? '*/*' : 'application/json';
}
