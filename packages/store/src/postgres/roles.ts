import { readMigrations } from '../migrations.ts';
import { readStatement } from '../statements.ts';
import { applyMissing, holdOthersUp, isNewer } from './migrate.ts';
import { scramVerifier } from './scram.ts';
import type { Driver, Session } from './session.ts';

/** Who may do what is in `sql/postgres/rights.sql`. The migrator owns the tables, and nobody logs in as it. */
export const roles = {
  migrator: 'voting_migrator',
  worker: 'voting_worker',
  reader: 'voting_reader',
  host: 'voting_host',
} as const;

/** With what the roles log in that services have. */
export interface RolePasswords {
  readonly worker: string;
  readonly reader: string;
  readonly host: string;
}

export interface Prepared {
  /** The versions of the schema that were applied. */
  readonly versions: readonly number[];
  /** Roles that somebody else has made, whose passwords are theirs to set. */
  readonly rolesLeft: readonly string[];
}

/**
 * Makes the roles or gives them these passwords, brings the schema up to date as the migrator, and gives each
 * role its rights: all in one transaction, and as often as one likes.
 *
 * To be called as somebody who owns the database and may make roles. Where somebody else has made them, it is enough
 * to be a member of the migrator.
 *
 * @param driver without a limit on how long a statement may take
 */
export async function prepare(
  driver: Driver,
  passwords: RolePasswords,
  migrations = readMigrations('postgres'),
): Promise<Prepared> {
  return driver.transaction(async (session) => {
    await holdOthersUp(session);
    const rolesLeft = await makeRoles(session, passwords);
    await session.script(readStatement('postgres/admit'));
    await session.script(readStatement('postgres/hand-over'));
    await session.script(`SET LOCAL ROLE ${roles.migrator}`);
    const versions = await applyMissing(session, migrations);
    // older code, as of a pod that restarts during a rollout, does not know the rights of newer tables
    if (!(await isNewer(session, migrations))) await session.script(readStatement('postgres/rights'));
    return { versions, rolesLeft };
  });
}

/** @returns those that were there and are not to be changed by us */
async function makeRoles(session: Session, passwords: RolePasswords): Promise<string[]> {
  const left: string[] = [];
  for (const [part, name] of Object.entries(roles)) {
    const [known] = await session.query<{ changeable: boolean }>(readStatement('postgres/known-role'), [
      name,
    ]);
    if (known?.changeable === false) {
      left.push(name);
      continue;
    }
    if (known === undefined) await session.script(`CREATE ROLE ${name}`);
    if (part === 'migrator') continue;
    const verifier = scramVerifier(passwords[part as keyof RolePasswords]);
    await session.script(`ALTER ROLE ${name} LOGIN PASSWORD '${verifier}'`);
  }
  return left;
}
