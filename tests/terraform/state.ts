import { objectText } from './aws-emulator.ts';
import type { Unit } from './terragrunt.ts';

/** What of Terraform's state file is looked at. */
interface State {
  readonly outputs: Readonly<Record<string, { readonly value: unknown }>>;
  readonly resources: readonly {
    readonly mode: string;
    readonly module?: string;
    readonly type: string;
    readonly name: string;
    readonly instances: readonly { readonly index_key?: string | number }[];
  }[];
}

/** The state file of a unit, as it is in the bucket. */
export const stateText = ({ backend }: Unit) => objectText(backend.bucket as string, backend.key as string);

export async function readState(unit: Unit) {
  const state = JSON.parse(await stateText(unit)) as State;
  const outputs = Object.entries(state.outputs).map(([name, { value }]) => [name, value]);
  return {
    outputs: Object.fromEntries(outputs) as Record<string, unknown>,
    /** By their addresses. */
    resources: resourcesOf(state),
  };
}

function resourcesOf({ resources }: State): string[] {
  return resources
    .filter(({ mode }) => mode === 'managed')
    .flatMap(({ module, type, name, instances }) =>
      instances.map(({ index_key: key }) => {
        const index = key === undefined ? '' : `[${JSON.stringify(key)}]`;
        return `${module === undefined ? '' : `${module}.`}${type}.${name}${index}`;
      }),
    );
}
