import { type Image, referenceOf } from '../images/services.ts';
import type { Machine } from '../machine/machine.ts';
import { Refused } from '../program.ts';

/** The label of everything that is the application's. */
export const selector = 'app.kubernetes.io/part-of=voting-app';

/**
 * Compares what the Deployments of the application run with what was asked for: a chart that reads its
 * images from other keys than we write would deploy something else without an error.
 *
 * @throws {Refused} naming every Deployment with another image
 */
export async function assertRunning(
  images: readonly Image[],
  namespace: string,
  machine: Machine,
): Promise<void> {
  const lines = '{range .items[*]}{.metadata.name}{" "}{.spec.template.spec.containers[*].image}{"\\n"}{end}';
  const { code, stdout, stderr } = await machine.run(
    [
      'kubectl',
      'get',
      'deployments',
      '--namespace',
      namespace,
      '--selector',
      selector,
      '--output',
      `jsonpath=${lines}`,
    ],
    { limitMs: 60_000 },
  );
  if (code !== 0) throw new Refused(`The Deployments of ${namespace} cannot be read: ${stderr.trim()}`);
  const running = new Map(
    stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => splitOnce(line)),
  );
  const faults = images
    // the generator of test votes is not a Deployment
    .filter(({ service }) => service !== 'seed')
    .filter(
      (image) =>
        !running
          .get(image.service)
          ?.split(' ')
          .some((reference) => names(reference, image)),
    )
    .map(
      (image) =>
        `${image.service} runs ${running.get(image.service) ?? 'nothing'} instead of ${referenceOf(image)}`,
    );
  if (faults.length > 0) throw new Refused(faults.join('\n'));
}

/** Whether a Pod's reference, which may state the tag as well, is that of the image. */
function names(reference: string, { repository, digest }: Image): boolean {
  return reference.startsWith(repository) && reference.endsWith(`@${digest}`);
}

function splitOnce(line: string): [string, string] {
  const at = line.indexOf(' ');
  return [line.slice(0, at), line.slice(at + 1)];
}
