import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { createFlow, type Flow, type Treatment } from './flow.ts';
import { freePort } from './free-ports.ts';

export interface Condition {
  readonly toServer: Treatment;
  readonly toClient: Treatment;
}

const pass: Treatment = { kind: 'pass' };

/** A network between a client and a server. It can be everything that networks can be. */
export interface Line {
  readonly port: number;
  /** From now on every connection, old or new, is in this condition. */
  become(condition: Condition): void;
  /** Ends every connection and refuses new ones. */
  cut(): void;
  /** Well again. What was swallowed stays lost, and its connection dead. */
  heal(): void;
  close(): Promise<void>;
}

/** Opens a line that leads to the port `target` of 127.0.0.1. */
export async function openLine(target: number): Promise<Line> {
  const flows = new Set<Flow>();
  const sockets = new Set<Socket>();
  let condition: Condition = { toServer: pass, toClient: pass };
  let refusing = false;

  const server = createServer({ allowHalfOpen: true, noDelay: true }, (near) => {
    if (refusing) {
      near.resetAndDestroy();
      return;
    }
    const far = connect({ port: target, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    const both = [
      createFlow(near, far, () => condition.toServer),
      createFlow(far, near, () => condition.toClient),
    ];
    for (const flow of both) flows.add(flow);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('close', () => {
        sockets.delete(socket);
        if (sockets.has(near) || sockets.has(far)) return;
        for (const flow of both) flows.delete(flow);
      });
    }
  });
  const port = await freePort();
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');

  function move(): void {
    for (const flow of flows) flow.move();
  }

  return {
    port,
    become(next) {
      condition = next;
      move();
    },
    cut() {
      refusing = true;
      for (const socket of sockets) socket.resetAndDestroy();
    },
    heal() {
      refusing = false;
      condition = { toServer: pass, toClient: pass };
      move();
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
