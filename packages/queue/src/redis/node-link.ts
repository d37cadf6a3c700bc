import { createClient } from 'redis';
import type { RedisConfig } from './config.ts';
import { clientOptions, type Link, type LinkEvents } from './link.ts';

/** A link to one Redis node, or to whichever node the name `config.host` leads to at the time. */
export function openNode(config: RedisConfig, events: LinkEvents): Link {
  let current = connect();

  function connect() {
    const { socket, ...options } = clientOptions(config);
    const client = createClient({ ...options, socket: { ...socket, host: config.host, port: config.port } });
    client.on('ready', events.ready);
    client.on('error', events.failed);
    // Every failed attempt is an 'error' event; the promise rejects only when the client is destroyed.
    client.connect().catch(() => {});
    return client;
  }

  function disconnect() {
    current.off('error', events.failed);
    // Without any listener the last words of the client would end the process.
    current.on('error', () => {});
    current.destroy();
  }

  return {
    send: (_key, args, signal) => current.sendCommand(args, { abortSignal: signal }),
    reopen() {
      disconnect();
      current = connect();
    },
    close: disconnect,
  };
}
