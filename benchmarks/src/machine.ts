import { cpus, totalmem } from 'node:os';

/** What the figures were measured on: they mean little without. */
export function describeMachine(): string {
  const [processor] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${cpus().length} × ${processor?.model ?? 'unknown processor'}, ${memory} GiB, ${process.platform}, Node.js ${process.version}`;
}
