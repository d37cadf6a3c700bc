import { readStatements } from '../statements.ts';
import { checkSchema } from './migrate.ts';
import type { Driver, Session } from './session.ts';

/** What there is to be emptied. */
export interface Contents {
  readonly rooms: number;
  readonly polls: number;
  readonly votes: number;
  /** Workers that have reported lately. */
  readonly live: readonly string[];
}

export interface Emptying {
  look(): Promise<Contents>;
  /**
   * Empties all tables, and what `others` empties with them: when that fails, nothing here is changed.
   *
   * @returns workers that have reported lately, for whose sake nothing was emptied
   */
  empty(others: () => Promise<void>): Promise<readonly string[]>;
}

export interface EmptyingConfig {
  /** For how many seconds no worker may have reported. */
  readonly quietForSeconds: number;
}

/** @param driver of who owns the tables, without a limit on how long a statement may take */
export function createEmptying(driver: Driver, { quietForSeconds }: EmptyingConfig): Emptying {
  const sql = readStatements('postgres', ['contents', 'empty', 'live-workers', 'lock-all']);

  async function liveWorkers(session: Session): Promise<readonly string[]> {
    const live = await session.query<{ worker: string }>(sql['live-workers'], [quietForSeconds]);
    return live.map(({ worker }) => worker);
  }

  return {
    async look() {
      // another program's tables may have the same names
      await checkSchema(driver);
      const [contents] = await driver.query<Omit<Contents, 'live'>>(sql.contents);
      return { ...(contents ?? { rooms: 0, polls: 0, votes: 0 }), live: await liveWorkers(driver) };
    },
    async empty(others) {
      await checkSchema(driver);
      return driver.transaction(async (session) => {
        await session.script(sql['lock-all']);
        const live = await liveWorkers(session);
        if (live.length > 0) return live;
        await session.script(sql.empty);
        await others();
        return [];
      });
    },
  };
}
