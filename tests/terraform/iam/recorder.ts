import { createServer, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A call to AWS as it went over the wire. */
export interface Call {
  /** As its signature names it, such as ec2. */
  readonly service: string;
  readonly method: string;
  readonly path: string;
  /** Of the services that name the operation in a header. */
  readonly target: string | undefined;
  readonly body: string;
  readonly status: number;
  readonly answer: string;
}

export interface Recorder {
  /** For AWS_ENDPOINT_URL. */
  readonly address: string;
  close(): Promise<void>;
}

/** Of a service that is asked by queries, what it answers to one. */
export type StandIn = (query: string) => { readonly status: number; readonly text: string };

/**
 * Stands in front of an AWS emulator, passes everything on but what is for the services in `standIns`, and
 * adds what was asked of whom to `calls`.
 */
export async function startRecorder(
  emulator: string,
  calls: Call[],
  standIns: Readonly<Record<string, StandIn>>,
): Promise<Recorder> {
  const { hostname, port } = new URL(emulator);
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const { method = 'GET', url: path = '/', headers } = request;
    const service = /Credential=[^/]+\/\d+\/[^/]*\/([^/]+)\//.exec(headers.authorization ?? '')?.[1] ?? '';
    const record = (status: number, answer: string) =>
      calls.push({
        service,
        method,
        path,
        target: headers['x-amz-target'] as string | undefined,
        body: body.toString(),
        status,
        answer,
      });
    const standIn = standIns[service];
    if (standIn !== undefined) {
      const { status, text } = standIn(body.toString());
      record(status, text);
      response.writeHead(status, { 'content-type': 'text/xml' }).end(text);
      return;
    }
    const passed = send({ hostname, port, method, path, headers }, async (answer) => {
      const parts: Buffer[] = [];
      for await (const part of answer) parts.push(part);
      const text = Buffer.concat(parts);
      record(answer.statusCode ?? 0, text.toString());
      response.writeHead(answer.statusCode ?? 502, answer.headers).end(text);
    });
    passed.on('error', () => response.writeHead(502).end());
    passed.end(body);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => new Promise((closed) => server.close(() => closed())),
  };
}
