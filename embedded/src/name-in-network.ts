import { networkInterfaces } from 'node:os';

/** The IPv4 address under which others on the same network reach this machine; undefined in none. */
export function findNameInNetwork(): string | undefined {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal)?.address;
}
