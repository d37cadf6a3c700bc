export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  /** Local files that lie, under their own names, in the folder in which the command runs. */
  readonly files?: readonly string[];
  /** Milliseconds after which the command is ended and counts as failed. */
  readonly limitMs: number;
}

/**
 * A place from which the cluster can be reached. Its `kubectl` and `helm` always talk to the cluster that
 * the machine was opened for.
 */
export interface Machine {
  /**
   * Runs one program to its end. No shell looks at the arguments.
   *
   * @returns the program's own exit status and output, also when it failed
   * @throws {Refused} when the program could not be run, or nothing came back in time
   */
  run(command: readonly string[], options: CommandOptions): Promise<Outcome>;
}
