/**
 * A bounded number of places for what comes from addresses: connections, sessions. While there are enough,
 * everybody gets one. When they are short, no address can keep the others out, however many it has taken.
 */
export interface Places<Thing> {
  /** Whether `take` would give something from `address` a place now. */
  hasPlaceFor(address: string): boolean;
  /**
   * Gives `thing` a place, if need be that of another: the one that the address with the most has used
   * least recently, else one that has not been used for long.
   *
   * @returns false when there is none
   */
  take(thing: Thing, address: string): boolean;
  /** It is being used; nothing happens when it has no place. */
  use(thing: Thing): void;
  /** It is in use from now on until it leaves, so only an address with too many has to give it up. */
  keep(thing: Thing): void;
  leave(thing: Thing): void;
}

export interface PlacesConfig<Thing> {
  readonly most: number;
  /** What has not been used for so long makes room for anybody. */
  readonly idleAfterMs: number;
  /** Ends what has just lost its place. */
  readonly giveUp: (thing: Thing) => void;
}

interface Place {
  readonly address: string;
  usedAt: number;
}

export function createPlaces<Thing>({ most, idleAfterMs, giveUp }: PlacesConfig<Thing>): Places<Thing> {
  const taken = new Map<string, number>();
  /** Least recently used first. */
  const loose = new Map<Thing, Place>();
  /** Oldest first. */
  const kept = new Map<Thing, Place>();

  /** What has to go so that something from `address` can come, when all places are taken. */
  function dispensable(address: string): Thing | undefined {
    const [fullest, count] = addressWithMost();
    // giving up one of two equal shares would only swap them
    if (count > (taken.get(address) ?? 0) + 1) return firstFrom(fullest, loose) ?? firstFrom(fullest, kept);
    const [longestIdle] = loose;
    if (longestIdle === undefined) return undefined;
    const [thing, { usedAt }] = longestIdle;
    return performance.now() - usedAt >= idleAfterMs ? thing : undefined;
  }

  function addressWithMost(): readonly [string, number] {
    let fullest: readonly [string, number] = ['', 0];
    for (const entry of taken) if (entry[1] > fullest[1]) fullest = entry;
    return fullest;
  }

  function isFull(): boolean {
    return loose.size + kept.size >= most;
  }

  function leave(thing: Thing): void {
    const place = loose.get(thing) ?? kept.get(thing);
    if (place === undefined) return;
    loose.delete(thing);
    kept.delete(thing);
    const left = (taken.get(place.address) ?? 0) - 1;
    if (left > 0) taken.set(place.address, left);
    else taken.delete(place.address);
  }

  return {
    hasPlaceFor: (address) => !isFull() || dispensable(address) !== undefined,
    take(thing, address) {
      if (isFull()) {
        const other = dispensable(address);
        if (other === undefined) return false;
        leave(other);
        giveUp(other);
      }
      taken.set(address, (taken.get(address) ?? 0) + 1);
      loose.set(thing, { address, usedAt: performance.now() });
      return true;
    },
    use(thing) {
      const place = loose.get(thing);
      if (place === undefined) return;
      place.usedAt = performance.now();
      loose.delete(thing);
      loose.set(thing, place);
    },
    keep(thing) {
      const place = loose.get(thing);
      if (place === undefined) return;
      loose.delete(thing);
      kept.set(thing, place);
    },
    leave,
  };
}

function firstFrom<Thing>(address: string, places: ReadonlyMap<Thing, Place>): Thing | undefined {
  for (const [thing, place] of places) if (place.address === address) return thing;
  return undefined;
}
