import { Refused } from '../program.ts';
import { type Image, referenceOf } from './services.ts';

/** Who may have signed: this repository's own workflows, on main or for a release. */
export function signers(repository: string): string {
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository))
    throw new Refused(`${JSON.stringify(repository)} is not owner/name.`);
  const workflows = `https://github.com/${repository}/.github/workflows`.replaceAll('.', '\\.');
  return `^${workflows}/(ci-build-images\\.yaml@refs/heads/main|release\\.yaml@refs/tags/v[0-9.]+)$`;
}

/**
 * Checks the keyless signature of every image with cosign.
 *
 * @param cosign runs it and resolves with its exit status and what it wrote
 * @throws {Refused} naming every image without a signature of ours
 */
export async function verifySignatures(
  images: readonly Image[],
  repository: string,
  cosign: (args: readonly string[]) => Promise<{ readonly code: number; readonly stderr: string }>,
): Promise<void> {
  const identity = ['--certificate-identity-regexp', signers(repository)];
  const issuer = ['--certificate-oidc-issuer', 'https://token.actions.githubusercontent.com'];
  const faults: string[] = [];
  for (const image of images) {
    const { code, stderr } = await cosign(['verify', ...identity, ...issuer, referenceOf(image)]);
    if (code !== 0) faults.push(`${image.service} (${image.tag}) has no valid signature: ${stderr.trim()}`);
  }
  if (faults.length > 0) throw new Refused(faults.join('\n'));
}
