import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { trustedProxies } from './client-network.ts';
import { type Environment, InvalidSettings } from './settings.ts';

/** A whole number from `min` to `max`, both included. */
export function wholeNumber(min: number, max: number) {
  const message = `must be a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^-?\d{1,15}$/, message)
    .transform(Number)
    .refine((value) => value >= min && value <= max, message);
}

export function text() {
  return z.string();
}

export function choice<const Values extends readonly [string, ...string[]]>(...values: Values) {
  return z.enum(values, `must be one of ${values.join(', ')}`);
}

/** `true` or `false`, written out. */
export function flag() {
  return z.enum(['true', 'false'], 'must be true or false').transform((value) => value === 'true');
}

/** Where another page is: a whole address, or `:PORT` for that port of the host the visitor asked for. */
export function pageAddress() {
  return text().regex(
    /^(:\d{1,5}|https?:\/\/\S+)$/,
    'must be an address, or :PORT for a port of the same host',
  );
}

/** Addresses and networks of proxies, separated by commas, as `trustProxy` takes them. */
export function proxies() {
  return text().refine((list) => {
    try {
      trustedProxies(list);
      return true;
    } catch {
      return false;
    }
  }, 'must be IP addresses or networks, separated by commas');
}

/**
 * A reader of the named variables. An empty value counts as unset. A name listed in `secrets` may
 * come from a file instead, named by NAME_FILE, as orchestrators mount them; its value never
 * appears in a fault, and with NODE_ENV=production it must not be one that is published with the code.
 */
export function variables<Shape extends z.ZodRawShape>(
  shape: Shape,
  { secrets = [] }: { readonly secrets?: readonly (keyof Shape & string)[] } = {},
) {
  const schema = z.object(shape);
  return (env: Environment): z.output<typeof schema> => {
    const faults: string[] = [];
    const values: Record<string, string | undefined> = {};
    for (const name of Object.keys(shape)) values[name] = env[name] === '' ? undefined : env[name];
    for (const name of secrets) {
      try {
        values[name] ??= secretFromFile(env[`${name}_FILE`]);
      } catch (error) {
        faults.push(`${name}_FILE: cannot be read (${(error as Error).message})`);
      }
    }
    if (env.NODE_ENV === 'production') {
      for (const name of secrets.filter((secret) => values[secret]?.includes(localOnly))) {
        faults.push(`${name}: still the one for trying things out; set one of your own`);
      }
    }
    const parsed = schema.safeParse(values);
    if (parsed.success && faults.length === 0) return parsed.data;
    for (const { path, message } of parsed.error?.issues ?? []) {
      const name = String(path[0]);
      const value = values[name];
      if (value === undefined) faults.push(`${name}: missing`);
      else
        faults.push(
          secrets.includes(name)
            ? `${name}: ${message}`
            : `${name}: ${message}, not ${JSON.stringify(value)}`,
        );
    }
    throw new InvalidSettings([...new Set(faults)]);
  };
}

/** What the secrets contain that work out of the box on a laptop. They are no secrets: everybody can read them. */
const localOnly = 'local-only';

function secretFromFile(path: string | undefined): string | undefined {
  return path === undefined || path === '' ? undefined : readFileSync(path, 'utf8').trimEnd();
}

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** `LOG_LEVEL`, with the level of a service that is not told otherwise. */
export function logSettings(usual: (typeof logLevels)[number]) {
  return variables({ LOG_LEVEL: choice(...logLevels).default(usual) });
}

/**
 * `SHUTDOWN_PAUSE_MS`: how long to stay open after turning not ready, so that load balancers notice.
 * `SHUTDOWN_DEADLINE_MS`: when to end even though something is still closing.
 */
export function shutdownSettings(usualPauseMs: number) {
  return variables({
    SHUTDOWN_PAUSE_MS: wholeNumber(0, 120_000).prefault(String(usualPauseMs)),
    SHUTDOWN_DEADLINE_MS: wholeNumber(100, 600_000).prefault('15000'),
  });
}

/** `PORT` of a service's page. */
export function pageSettings(usualPort: number) {
  return variables({ PORT: wholeNumber(0, 65_535).prefault(String(usualPort)) });
}

/** `OPS_PORT`, where health and metrics are asked for. */
export const opsSettings = variables({ OPS_PORT: wholeNumber(0, 65_535).prefault('9090') });
