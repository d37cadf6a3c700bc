export type Environment = Readonly<Record<string, string | undefined>>;

/** Thrown when the environment cannot be used. `faults` holds one sentence for each thing to change. */
export class InvalidSettings extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(faults.join('\n'));
    this.name = 'InvalidSettings';
    this.faults = faults;
  }
}

type Readers = Readonly<Record<string, (env: Environment) => unknown>>;
type SettingsOf<R extends Readers> = { readonly [Part in keyof R]: ReturnType<R[Part]> };

/**
 * Reads the environment once, part by part, and freezes the outcome. A reader reports what is wrong by
 * throwing an error that carries `faults`; those of all readers are reported together.
 *
 * @throws {InvalidSettings}
 */
export function readSettings<R extends Readers>(env: Environment, readers: R): SettingsOf<R> {
  const faults: string[] = [];
  const settings: Record<string, unknown> = {};
  for (const [part, read] of Object.entries(readers)) {
    try {
      settings[part] = Object.freeze(read(env));
    } catch (error) {
      if (!hasFaults(error)) throw error;
      faults.push(...error.faults);
    }
  }
  if (faults.length > 0) throw new InvalidSettings(faults);
  return Object.freeze(settings) as SettingsOf<R>;
}

function hasFaults(error: unknown): error is { readonly faults: readonly string[] } {
  return error instanceof Error && 'faults' in error && Array.isArray(error.faults);
}
