import type { Visit } from './visit.ts';

/**
 * The address of the other page as the visitor can reach it. `setting` is a whole address, or `:8081`
 * for that port on whatever host the visitor asked for; undefined when there is none to show.
 */
export function addressOf(
  setting: string | undefined,
  { secure, host }: Pick<Visit, 'secure' | 'host'>,
): string | undefined {
  if (setting === undefined || !setting.startsWith(':')) return setting;
  const url = URL.parse(`${secure ? 'https' : 'http'}://${host ?? ''}`);
  if (url === null) return undefined;
  url.port = setting.slice(1);
  return `${url.origin}/`;
}
