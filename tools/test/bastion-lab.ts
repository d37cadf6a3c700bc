import { type AwsPeer, type Bastion, type Options, startAws } from './aws-peer.ts';
import { writeAwsCli } from './bastion-programs.ts';
import { createFakes, type FakeAnswer, type Fakes } from './fake-programs.ts';

export interface Lab {
  readonly fakes: Fakes;
  readonly aws: AwsPeer;
  /** For the programs under test. */
  readonly env: NodeJS.ProcessEnv;
  close(): Promise<void>;
}

/**
 * What our programs meet: AWS, and a bastion whose kubectl and helm answer as told. The runner has the same
 * ones, so a call says by its folder where it was made, not by its program.
 */
export async function openLab(
  folder: string,
  programs: Readonly<Record<string, readonly FakeAnswer[]>> = {},
  { bastion, ...options }: Options & { readonly bastion?: Bastion } = {},
): Promise<Lab> {
  const fakes = await createFakes(folder, { kubectl: [], helm: [], ...programs });
  if (programs.aws === undefined) await writeAwsCli(fakes.folder);
  const aws = await startAws(bastion ?? { path: `${fakes.folder}:/usr/bin:/bin` }, options);
  const env = { ...aws.env, PATH: `${fakes.folder}:${process.env.PATH}` };
  return { fakes, aws, env, close: aws.close };
}
