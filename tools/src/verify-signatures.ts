import { readImages } from './images/services.ts';
import { verifySignatures } from './images/signatures.ts';
import { execute } from './machine/here.ts';
import { required, runWithFlags } from './program/flags.ts';

const usage = `Checks that every image was signed by a workflow of this repository, with cosign.

  node tools/src/verify-signatures.ts --images images.json --repository OWNER/NAME

Status 1 when one of them was not.
`;

await runWithFlags<{ images?: string; repository?: string }>({
  usage,
  flags: { images: { type: 'string' }, repository: { type: 'string' } },
  async run({ images, repository }) {
    const list = readImages(required('--images', images));
    await verifySignatures(list, required('--repository', repository), (args) => execute('cosign', args));
    process.stderr.write(`All ${list.length} images are signed by ${repository}.\n`);
  },
});
