import type { Visit } from './visit.ts';

/**
 * The address of the other page as the visitor can reach it. `setting` is a whole address, or `:8081`
 * for that port on whatever host the visitor asked for; undefined when there is none to show.
 *
 * @param path of the page there
 */
export function addressOf(
  setting: string | undefined,
  visit: Pick<Visit, 'secure' | 'host'>,
  path: string,
): string | undefined {
  const base = baseOf(setting, visit);
  return base && `${base.replace(/\/$/, '')}${path}`;
}

function baseOf(
  setting: string | undefined,
  { secure, host }: Pick<Visit, 'secure' | 'host'>,
): string | undefined {
  if (setting === undefined || !setting.startsWith(':')) return setting;
  const url = URL.parse(`${secure ? 'https' : 'http'}://${host ?? ''}`);
  if (url === null) return undefined;
  url.port = setting.slice(1);
  return url.origin;
}
