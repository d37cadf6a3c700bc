import { parseArgs } from 'node:util';
import { WrongCall } from '../program.ts';

export interface Call {
  /** The backup's file or folder. */
  readonly path: string;
  /** How PostgreSQL's own programs are reached, when not directly. */
  readonly via: string | undefined;
}

/**
 * What the programs that back up and restore are called with.
 *
 * @returns undefined when only help was asked for, which is then shown
 * @throws {WrongCall} with the usage
 */
export function readCall(args: string[], usage: string): Call | undefined {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { via: { type: 'string' }, help: { type: 'boolean', default: false } },
  });
  if (values.help) {
    process.stdout.write(usage);
    return undefined;
  }
  const [path] = positionals;
  if (path === undefined || positionals.length > 1) throw new WrongCall(usage);
  return { path, via: values.via };
}
