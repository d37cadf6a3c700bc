/** Whether a service can do its work now, as a set of named parts that must all be ready. */
export interface Readiness {
  set(part: string, ready: boolean): void;
  /** From now on never ready again: the service is about to stop. */
  stop(): void;
  ready(): boolean;
  /** Every part and whether it is ready, for a person who asks why. */
  parts(): Readonly<Record<string, boolean>>;
}

export function createReadiness(): Readiness {
  const parts = new Map<string, boolean>([['running', true]]);
  return {
    set(part, ready) {
      parts.set(part, ready);
    },
    stop() {
      parts.set('running', false);
    },
    ready: () => [...parts.values()].every(Boolean),
    parts: () => Object.fromEntries(parts),
  };
}
