import { setTimeout as pause } from 'node:timers/promises';
import { createCluster } from 'redis';
import type { RedisConfig } from './config.ts';
import { backoffMs, clientOptions, type Link, type LinkEvents } from './link.ts';

/** A link to all nodes of a Redis Cluster. */
export function openCluster(config: RedisConfig, events: LinkEvents): Link {
  let current = connect();

  function connect() {
    const { RESP, commandOptions, ...defaults } = clientOptions(config);
    const cluster = createCluster({
      RESP,
      commandOptions,
      defaults,
      rootNodes: [{ socket: { host: config.host, port: config.port } }],
      // Nodes are connected to when first needed: otherwise one that is down holds up all the others.
      minimizeConnections: true,
    });
    const closing = new AbortController();
    cluster.on('node-ready', events.ready);
    cluster.on('node-error', events.failed);
    cluster.on('error', events.failed);

    /** Other than a single client, a cluster gives up when it cannot be discovered at the first attempt. */
    async function discover(): Promise<void> {
      for (let attempt = 0; !closing.signal.aborted; attempt++) {
        try {
          await cluster.connect();
          events.ready();
          return;
        } catch {
          // What was wrong has been an 'error' event.
          await pause(backoffMs(attempt), undefined, { signal: closing.signal }).catch(() => {});
        }
      }
    }

    discover();
    return { cluster, closing };
  }

  function disconnect() {
    const { cluster, closing } = current;
    closing.abort();
    cluster.off('node-error', events.failed);
    cluster.off('error', events.failed);
    // Without any listener the last words of the cluster would end the process.
    cluster.on('error', () => {});
    cluster.destroy();
  }

  return {
    send: (key, args, signal) => current.cluster.sendCommand(key, false, args, { abortSignal: signal }),
    reopen() {
      disconnect();
      current = connect();
    },
    close: disconnect,
  };
}
