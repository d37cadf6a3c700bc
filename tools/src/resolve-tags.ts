import { writeFileSync } from 'node:fs';
import { createRegistry } from './images/registry.ts';
import { resolveTags, type Wanted } from './images/resolve.ts';
import { type Service, services } from './images/services.ts';
import { required, runWithFlags } from './program/flags.ts';
import { reportOf, table } from './program/report.ts';
import { WrongCall } from './program.ts';

const usage = `Finds the exact images that tags stand for, and writes them down for deploy.

  node tools/src/resolve-tags.ts --namespace NAMESPACE --out images.json [--tag TAG]

  --namespace NAMESPACE   as in NAMESPACE/vote
  --registry HOST         default docker.io
  --tag TAG               default latest: the newest build, of which the sha- tag is found out.
                          One tag for every image, or one for each: "vote=sha-1a2b3c4 worker=sha-…"
  --out FILE              where the list of images goes, as JSON

DOCKER_USERNAME and DOCKER_PASSWORD are used when the registry asks for them. What does not exist, or
is not what its tag says, ends the program with status 1; nothing is guessed.
`;

await runWithFlags<{ namespace?: string; registry: string; tag: string; out?: string }>({
  usage,
  flags: {
    namespace: { type: 'string' },
    registry: { type: 'string', default: 'docker.io' },
    tag: { type: 'string', default: 'latest' },
    out: { type: 'string' },
  },
  async run({ namespace, registry, tag, out }) {
    const file = required('--out', out);
    const { DOCKER_USERNAME: username, DOCKER_PASSWORD: password } = process.env;
    const images = await resolveTags(
      wantedTags(tag || 'latest'),
      {
        namespace: required('--namespace', namespace),
        prefix: registry === 'docker.io' ? '' : `${registry}/`,
      },
      createRegistry({ registry, username, password }),
    );
    writeFileSync(file, `${JSON.stringify(images, undefined, 2)}\n`);
    const report = reportOf(process.env);
    report.summary('### Images\n');
    report.summary(
      table(
        ['service', 'tag', 'digest'],
        images.map((image) => [image.service, image.tag, image.digest]),
      ),
    );
    const line = images.map((image) => `${image.service}=${image.tag}`).join(' ');
    report.summary(`\nThe same again: \`${line}\``);
  },
});

function wantedTags(text: string): Wanted[] {
  if (/^[\w.-]{1,128}$/.test(text)) return services.map((service) => ({ service, tag: text }));
  const tagOf = new Map<Service, string>();
  for (const pair of text.trim().split(/[\s,]+/)) {
    const [, service, tag] = /^([a-z]+)=([\w.-]{1,128})$/.exec(pair) ?? [];
    if (tag === undefined || !services.includes(service as Service)) {
      throw new WrongCall(`--tag: ${JSON.stringify(pair)} is not like vote=sha-1a2b3c4.`);
    }
    tagOf.set(service as Service, tag);
  }
  const missing = services.filter((service) => !tagOf.has(service));
  if (missing.length > 0) throw new WrongCall(`--tag says nothing about ${missing.join(' and ')}.`);
  return services.map((service) => ({ service, tag: tagOf.get(service) ?? '' }));
}
