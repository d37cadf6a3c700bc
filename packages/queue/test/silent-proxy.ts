import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A line to a server that can go dead without anybody being told. */
export interface SilentProxy {
  readonly port: number;
  /** From now on nothing passes on the connections there are; new ones work. */
  silence(): void;
  /** The same, but the server still hears what it is told. */
  swallowAnswers(): void;
  close(): Promise<void>;
}

export async function openProxy(target: number): Promise<SilentProxy> {
  const sockets = new Set<Socket>();
  const pairs = new Set<readonly [Socket, Socket]>();
  const server = createServer((near) => {
    const far = connect(target, '127.0.0.1');
    pairs.add([near, far]);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => {});
    }
    near.pipe(far);
    far.pipe(near);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    silence() {
      for (const [near, far] of pairs) {
        near.unpipe(far).resume();
        far.unpipe(near).resume();
      }
      pairs.clear();
    },
    swallowAnswers() {
      for (const [near, far] of pairs) far.unpipe(near).resume();
      pairs.clear();
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
