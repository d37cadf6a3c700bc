import { globSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { definePoll, draftOf } from '@voting/core';
import {
  createPostgresStore,
  type PostgresConfig,
  prepareStore,
  readPostgresSettings,
  readRolePasswords,
} from '@voting/store/postgres';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  giveToServer,
  ownPostgres,
  type PostgresServer,
  query,
  startPostgres,
} from '../../../tests/servers/postgres.ts';
import { readMigrations } from '../src/migrations.ts';
import { createPostgresDriver } from '../src/postgres/driver.ts';
import { prepare } from '../src/postgres/roles.ts';
import { scramVerifier } from '../src/postgres/scram.ts';
import { readStatement } from '../src/statements.ts';

const passwords = { worker: "the worker's", reader: 'the reader’s', host: "the host's" };
const poll = definePoll('main', 'Cats vs Dogs!', ['Cats', 'Dogs']);
const known = readMigrations('postgres');
const noRight = { code: '42501' };

/** Roles belong to a whole server, and these are made and left behind in one of our own. */
const reason = 'needs servers of its own, not TEST_DATABASE_URL';
let folder: string;
let server: PostgresServer;
beforeAll(async () => {
  if (!ownPostgres) return;
  folder = await mkdtemp(join(tmpdir(), 'voting-roles-'));
  server = await startServer('hba');
}, 60_000);
afterAll(async () => {
  await server?.stop();
  if (folder) await rm(folder, { recursive: true });
});

/** A server that asks the services for their passwords, and trusts everybody else. */
async function startServer(name: string): Promise<PostgresServer> {
  const hba = join(folder, name);
  await writeFile(
    hba,
    'host all voting_worker,voting_reader,voting_host 127.0.0.1/32 scram-sha-256\nhost all all 127.0.0.1/32 trust\n',
  );
  await giveToServer(folder, hba);
  return startPostgres({ args: ['-c', `hba_file=${hba}`] });
}

function configOf(url: string, user: string, password?: string): PostgresConfig {
  const address = new URL(url);
  address.username = user;
  address.password = encodeURIComponent(password ?? '');
  return readPostgresSettings(3)({ DATABASE_URL: String(address) });
}

const asOwner = (url: string) => configOf(url, 'postgres');
const asWorker = (url: string) => configOf(url, 'voting_worker', passwords.worker);
const asReader = (url: string) => configOf(url, 'voting_reader', passwords.reader);
const asHost = (url: string) => configOf(url, 'voting_host', passwords.host);
const users = { owner: asOwner, worker: asWorker, reader: asReader, host: asHost };

const open = (config: PostgresConfig) => createPostgresStore(config, () => {});

/** Runs a statement and takes it back. */
async function attempt(config: PostgresConfig, sql: string, parameters?: readonly unknown[]): Promise<void> {
  const driver = createPostgresDriver(config, () => {});
  const undone = new Error('undone');
  try {
    await driver.transaction(async (session) => {
      if (parameters === undefined) await session.script(sql);
      else await session.query(sql, parameters);
      throw undone;
    });
  } catch (error) {
    if (error !== undone) throw error;
  } finally {
    await driver.close();
  }
}

const vote = (voter: string, option: string, n: number) => ({
  poll: 'main',
  voter,
  option,
  sequence: BigInt(n),
});

const tablesOf = async (url: string) =>
  (await query(url, "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")).map(
    ({ tablename }) => String(tablename),
  );

const ownersOf = (url: string) =>
  query(url, "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'");

describe.skipIf(!ownPostgres)(`the roles in PostgreSQL (${reason})`, { timeout: 60_000 }, () => {
  let url: string;
  beforeAll(async () => {
    url = await server.createDatabase();
    await prepareStore(asOwner(url), passwords);
  });

  it('let the worker count and the reader follow', async () => {
    const [worker, reader] = [open(asWorker(url)), open(asReader(url))];
    await worker.migrate();
    await worker.declare(poll);
    await reader.checkSchema();
    const heard = vi.fn();
    const stop = await reader.onChange(heard);
    expect(await worker.record([vote('v1', 'a', 1)], 0)).toMatchObject({ added: 1 });
    await worker.beat('worker', { pending: 0, oldestAgeMs: undefined });
    await vi.waitFor(() => expect(heard).toHaveBeenCalled(), { timeout: 10_000 });
    expect(await reader.snapshot(['main'])).toMatchObject({
      tallies: new Map([['main', { a: 1 }]]),
      pipeline: { pending: 0 },
    });
    await stop();
    await Promise.all([worker.close(), reader.close()]);
  });

  it('give the tables to the migrator, as whom nobody logs in', async () => {
    expect(await ownersOf(url)).toEqual([{ tableowner: 'voting_migrator' }]);
    expect(
      await query(
        url,
        "SELECT rolname, rolcanlogin AS login FROM pg_roles WHERE rolname LIKE 'voting%' ORDER BY rolname",
      ),
    ).toEqual([
      { rolname: 'voting_host', login: true },
      { rolname: 'voting_migrator', login: false },
      { rolname: 'voting_reader', login: true },
      { rolname: 'voting_worker', login: true },
    ]);
    await expect(
      query(
        url,
        "SELECT rolname FROM pg_roles WHERE rolname LIKE 'voting%' AND (rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls)",
      ),
    ).resolves.toEqual([]);
  });

  it('are let in with their password only, of which the server keeps no clear text', async () => {
    for (const user of ['voting_worker', 'voting_reader', 'voting_host']) {
      const wrong = open(configOf(url, user, 'wrong'));
      await expect(wrong.checkSchema()).rejects.toMatchObject({
        code: 'store_denied',
        message: expect.stringContaining(`password authentication failed for user "${user}"`),
      });
      await wrong.close();
    }
    const kept = await query(
      url,
      "SELECT DISTINCT split_part(rolpassword, '$', 1) AS kind FROM pg_authid WHERE rolname LIKE 'voting%' AND rolcanlogin",
    );
    expect(kept).toEqual([{ kind: 'SCRAM-SHA-256' }]);
  });

  it('keep the reader from writing to any table', async () => {
    for (const table of await tablesOf(url)) {
      for (const write of [
        `INSERT INTO ${table} DEFAULT VALUES`,
        `DELETE FROM ${table}`,
        `TRUNCATE ${table}`,
      ])
        await expect(attempt(asReader(url), write), write).rejects.toMatchObject(noRight);
      const [column] = await query(
        url,
        `SELECT attname FROM pg_attribute WHERE attrelid = '${table}'::regclass AND attnum > 0 AND attgenerated = '' LIMIT 1`,
      );
      const update = `UPDATE ${table} SET ${column?.attname} = ${column?.attname}`;
      await expect(attempt(asReader(url), update), update).rejects.toMatchObject(noRight);
    }
  });

  it.each(['reader', 'host'] as const)('keep the %s from single votes', async (role) => {
    await expect(attempt(users[role](url), 'SELECT id, vote FROM votes')).rejects.toMatchObject(noRight);
  });

  it('let the host keep rooms and polls, and write nothing else', async () => {
    const host = open(asHost(url));
    await host.checkSchema();
    const room = await host.keepRoom({ id: '204817', title: 'The hall', on: undefined, revision: 0 });
    const lunch = definePoll('lunch', 'Lunch?', ['Soup', 'Salad']);
    const draft = await host.keepPoll(draftOf(lunch, room.id, 0));
    await host.keepRoom({ ...room, on: draft.id });
    await host.announced(await host.unannounced());
    await host.removePoll(draft);
    expect((await host.snapshot(['main'])).tallies.get('main')).toEqual({ a: 1 });
    for (const table of (await tablesOf(url)).filter((name) => name !== 'polls' && name !== 'rooms')) {
      const write = `INSERT INTO ${table} DEFAULT VALUES`;
      await expect(attempt(asHost(url), write), write).rejects.toMatchObject(noRight);
    }
    for (const write of ['UPDATE tallies SET votes = 0', 'DELETE FROM tallies', 'TRUNCATE polls']) {
      await expect(attempt(asHost(url), write), write).rejects.toMatchObject(noRight);
    }
    await host.close();
  });

  it.each(['worker', 'reader', 'host'] as const)(
    'keep the %s from changing what tables there are',
    async (role) => {
      const changes = [
        'CREATE TABLE mine (a int)',
        'CREATE TEMPORARY TABLE mine (a int)',
        'CREATE SCHEMA mine',
        'CREATE ROLE mine',
        'DROP TABLE votes',
        'ALTER TABLE votes ADD COLUMN mine text',
        'CREATE INDEX mine ON votes (vote)',
        'TRUNCATE votes',
        'DELETE FROM polls',
        'DELETE FROM rooms',
        'INSERT INTO schema_versions (version) VALUES (99)',
        'SET ROLE voting_migrator',
        'SET ROLE postgres',
      ];
      for (const change of changes)
        await expect(attempt(users[role](url), change), change).rejects.toMatchObject(noRight);
      // this one PostgreSQL refuses with a warning, and gives nothing
      await attempt(users[role](url), 'GRANT ALL ON votes TO PUBLIC').catch(() => {});
      expect(
        await query(
          url,
          "SELECT 1 FROM pg_class, aclexplode(relacl) WHERE oid = 'votes'::regclass AND grantee = 0",
        ),
      ).toEqual([]);
    },
  );
});

const pollRow = (id: string) => [
  id,
  'Lunch?',
  '["Soup","Salad"]',
  'main',
  0,
  'one',
  'live',
  'open',
  1,
  null,
  null,
];

/** Every statement, who must be able to run it, and whom it is refused to. */
const statements: Record<
  string,
  { by: (keyof typeof users)[]; refused?: (keyof typeof users)[]; with?: readonly unknown[] }
> = {
  'add-poll': { by: ['worker', 'host'], refused: ['reader'], with: pollRow('lunch') },
  'add-room': { by: ['worker', 'host'], refused: ['reader'], with: ['204817', 'The hall', null] },
  // recount may compare as the worker; it repairs as the owner
  differences: { by: ['owner', 'worker'], refused: ['reader', 'host'], with: ['main'] },
  'forget-tallies': { by: ['owner'], refused: ['reader', 'host'], with: ['main'] },
  'own-ids': { by: ['reader', 'worker', 'host'], with: ['main'] },
  polls: { by: ['reader', 'worker', 'host'], with: [null, null, 0] },
  'recountable-polls': { by: ['owner', 'worker'], refused: ['reader', 'host'] },
  retally: { by: ['owner'], refused: ['reader', 'host'], with: ['none'] },
  'revise-poll': { by: ['worker', 'host'], refused: ['reader'], with: [...pollRow('main'), 1] },
  'revise-room': { by: ['worker', 'host'], refused: ['reader'], with: ['main', 'Tonight', null, 1] },
  'settle-poll': { by: ['worker'], refused: ['reader'], with: ['main', 1, 1] },
  'unsettled-polls': { by: ['reader', 'worker', 'host'] },
  rooms: { by: ['reader', 'worker', 'host'], with: [null, 0] },
  timeline: { by: ['reader', 'worker', 'host'], with: ['main', 0] },
  'announced-poll': { by: ['worker', 'host'], refused: ['reader'], with: ['main', 1] },
  'declare-poll': { by: ['worker', 'host'], refused: ['reader'], with: ['main', 'main'] },
  'announced-room': { by: ['worker', 'host'], refused: ['reader'], with: ['main', 1] },
  'erase-tallies': { by: ['worker'], refused: ['reader', 'host'], with: ['none'] },
  'erase-timeline': { by: ['worker'], refused: ['reader', 'host'], with: ['none'] },
  'erase-votes': { by: ['worker'], refused: ['reader', 'host'], with: ['none', 10] },
  'erased-poll': { by: ['worker'], refused: ['reader', 'host'], with: ['none'] },
  'remove-poll': { by: ['worker', 'host'], refused: ['reader'], with: ['none', 1] },
  'remove-room': { by: ['worker', 'host'], refused: ['reader'], with: ['none', 1] },
  'turn-off': { by: ['worker', 'host'], refused: ['reader'], with: ['none'] },
  'unerased-poll': { by: ['reader', 'worker', 'host'] },
  'postgres/admit': { by: ['owner'] },
  'postgres/beat': { by: ['worker'], refused: ['reader', 'host'], with: ['w', 1, 2] },
  'postgres/contents': { by: ['owner', 'worker'] },
  // to start over is the owner's
  'postgres/empty': { by: ['owner'], refused: ['worker', 'reader', 'host'] },
  'postgres/hand-over': { by: ['owner'] },
  'postgres/hold-still': { by: ['owner'], refused: ['reader', 'host'] },
  'postgres/known-role': { by: ['owner'], with: ['voting_worker'] },
  'postgres/live-workers': { by: ['owner', 'worker'], with: [10] },
  'postgres/lock-all': { by: ['owner'], refused: ['reader', 'host'] },
  'postgres/newest-sequence': { by: ['worker'], refused: ['reader', 'host'] },
  'postgres/notify': { by: ['reader', 'worker', 'host'], with: ['definitions', 'poll main'] },
  'postgres/tallies': { by: ['reader', 'worker', 'host'], with: [['main']] },
  'postgres/pipeline': { by: ['reader', 'worker', 'host'] },
  'postgres/record': {
    by: ['worker'],
    refused: ['reader', 'host'],
    with: [['main', 'main'], ['v7', 'v8'], ['a', 'b'], ['7', '8'], 0],
  },
  'postgres/rights': { by: ['owner'] },
  'postgres/schema-versions': { by: ['owner'], refused: ['worker', 'reader', 'host'] },
};

describe.skipIf(!ownPostgres)(
  `every statement, as the role that uses it (${reason})`,
  { timeout: 60_000 },
  () => {
    let url: string;
    beforeAll(async () => {
      url = await server.createDatabase();
      await prepareStore(asOwner(url), passwords);
      const worker = open(asWorker(url));
      await worker.declare(poll);
      await worker.record([vote('v7', 'b', 1)], 0);
      await worker.close();
    });

    it('is in the table of this test', () => {
      const folder = join(import.meta.dirname, '../sql');
      const names = [
        ...globSync('*.sql', { cwd: folder }).map((file) => basename(file, '.sql')),
        ...globSync('postgres/*.sql', { cwd: folder }).map((file) => file.replace(/\.sql$/, '')),
      ];
      expect(names.sort()).toEqual(Object.keys(statements).sort());
    });

    it.each(Object.entries(statements))('%s', async (name, { by, refused = [], with: parameters }) => {
      for (const user of by) await attempt(users[user](url), readStatement(name), parameters);
      for (const user of refused)
        await expect(attempt(users[user](url), readStatement(name), parameters), user).rejects.toMatchObject(
          noRight,
        );
    });

    it('has every table that the migrations make among those that are handed over and given rights to', async () => {
      const tables = await tablesOf(url);
      for (const name of ['postgres/hand-over', 'postgres/rights']) {
        const sql = readStatement(name);
        expect(tables.filter((table) => !new RegExp(`\\b${table}\\b`).test(sql))).toEqual([]);
      }
    });

    it('has every table but that of the versions among those that are emptied', async () => {
      const tables = (await tablesOf(url)).filter((table) => table !== 'schema_versions');
      for (const name of ['postgres/lock-all', 'postgres/empty']) {
        const sql = readStatement(name);
        expect(
          tables.filter((table) => !new RegExp(`\\b${table}\\b`).test(sql)),
          name,
        ).toEqual([]);
      }
    });
  },
);

describe.skipIf(!ownPostgres)(`preparing a store (${reason})`, { timeout: 60_000 }, () => {
  /** One more migration, as a later version has it. */
  const later = [
    ...known,
    {
      version: known.length + 1,
      oldestCode: 1,
      sql: 'CREATE TABLE later (a int); ALTER TABLE votes ADD COLUMN later text',
    },
  ];

  async function prepareAs(config: PostgresConfig, migrations = known) {
    const driver = createPostgresDriver({ ...config, statementDeadlineMs: 0 }, () => {});
    return prepare(driver, passwords, migrations).finally(() => driver.close());
  }

  it('may be done again, and by several at once', async () => {
    const url = await server.createDatabase();
    const all = await Promise.all(Array.from({ length: 4 }, () => prepareAs(asOwner(url))));
    expect(all.flatMap(({ versions }) => versions).sort()).toEqual(known.map(({ version }) => version));
    const reader = open(asReader(url));
    await reader.checkSchema();
    await reader.close();
  });

  it('changes a password when it is given another', async () => {
    const url = await server.createDatabase();
    await prepareAs(asOwner(url));
    await prepareStore(asOwner(url), { ...passwords, reader: 'new' });
    const [old, now] = [open(asReader(url)), open(configOf(url, 'voting_reader', 'new'))];
    await now.checkSchema();
    await expect(old.checkSchema()).rejects.toMatchObject({ code: 'store_denied' });
    await Promise.all([old.close(), now.close()]);
    await prepareStore(asOwner(url), passwords);
  });

  it('moves a store of version 0.1 to the roles, while it is used as before', async () => {
    const url = await server.createDatabase();
    await query(
      url,
      'CREATE TABLE schema_versions (version integer PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())',
    );
    await query(url, `${known[0]?.sql}; INSERT INTO schema_versions (version) VALUES (1)`);
    // as its worker stores them, which knows nothing of polls
    const before = createPostgresDriver(asOwner(url), () => {});
    const recordAsBefore = (voter: string, option: string, sequence: string) =>
      before.query(
        `WITH stored AS (
          INSERT INTO votes (poll, id, vote, seq) VALUES ('main', $1, $2, $3::bigint) RETURNING vote
        )
        INSERT INTO tallies (poll, option, shard, votes) SELECT 'main', vote, 0, 1 FROM stored
        ON CONFLICT (poll, option, shard) DO UPDATE SET votes = tallies.votes + 1`,
        [voter, option, sequence],
      );
    await recordAsBefore('v1', 'a', '1');
    expect(await ownersOf(url)).toEqual([{ tableowner: 'postgres' }]);

    await prepareAs(asOwner(url));
    expect(await ownersOf(url)).toEqual([{ tableowner: 'voting_migrator' }]);
    const [worker, reader] = [open(asWorker(url)), open(asReader(url))];
    await worker.declare(poll);
    await worker.record([vote('v2', 'a', 2)], 0);
    await recordAsBefore('v3', 'b', '3');
    expect((await reader.snapshot(['main'])).tallies.get('main')).toEqual({ a: 2, b: 1 });
    expect(await query(url, 'SELECT id FROM votes ORDER BY id')).toEqual(
      ['v1', 'v2', 'v3'].map((id) => ({ id })),
    );
    await Promise.all([before.close(), worker.close(), reader.close()]);
  });

  it('goes on under a worker and a reader that know the schema before', async () => {
    const url = await server.createDatabase();
    await prepareAs(asOwner(url));
    const [worker, reader] = [open(asWorker(url)), open(asReader(url))];
    const heard = vi.fn();
    const stop = await reader.onChange(heard);
    let cast = 0;
    let over = false;
    const counting = (async () => {
      while (!over) await worker.record([vote(`v${++cast}`, 'a', cast)], 0);
    })();
    await vi.waitFor(() => expect(heard).toHaveBeenCalled(), { timeout: 10_000 });
    expect((await prepareAs(asOwner(url), later)).versions).toEqual([known.length + 1]);
    // an old pod starts again, and takes back nothing that the later version gives
    await query(url, 'GRANT SELECT ON votes TO voting_reader');
    expect((await prepareAs(asOwner(url), known)).versions).toEqual([]);
    await attempt(asReader(url), 'SELECT * FROM votes');
    const counted = cast;
    await vi.waitFor(() => expect(cast).toBeGreaterThan(counted), { timeout: 10_000 });
    over = true;
    await counting;
    await worker.migrate();
    await reader.checkSchema();
    expect((await reader.snapshot(['main'])).tallies.get('main')).toEqual({ a: cast });
    await stop();
    await Promise.all([worker.close(), reader.close()]);
  });

  it('leaves a new table closed until it is among the rights', async () => {
    const url = await server.createDatabase();
    await prepareAs(asOwner(url), later);
    for (const user of [asWorker(url), asReader(url), asHost(url)])
      await expect(attempt(user, 'SELECT * FROM later')).rejects.toMatchObject(noRight);
  });

  it('is waited for by a worker that may not make tables', async () => {
    const url = await server.createDatabase();
    const worker = open(asWorker(url));
    await expect(worker.migrate()).rejects.toMatchObject({
      code: 'store_unavailable',
      message: expect.stringContaining('npm run migrate'),
    });
    expect(await tablesOf(url)).toEqual([]);
    await prepareAs(asOwner(url));
    await worker.migrate();
    await worker.close();
  });

  it('takes back what somebody has made by hand or by a restore', async () => {
    const url = await server.createDatabase();
    await prepareAs(asOwner(url));
    await query(url, 'ALTER TABLE tallies OWNER TO postgres; REVOKE ALL ON tallies FROM voting_reader');
    await query(url, 'GRANT ALL ON votes TO voting_reader');
    const reader = open(asReader(url));
    await expect(reader.snapshot(['main'])).rejects.toMatchObject({
      code: 'store_denied',
      message: expect.stringContaining('permission denied for table tallies'),
    });
    await prepareAs(asOwner(url));
    expect((await reader.snapshot(['main'])).tallies.get('main')).toEqual({});
    await expect(attempt(asReader(url), 'DELETE FROM votes')).rejects.toMatchObject(noRight);
    await reader.close();
  });

  it('touches nothing of a database of another program', async () => {
    const url = await server.createDatabase();
    await query(url, 'CREATE TABLE votes (id varchar(255) NOT NULL UNIQUE, vote varchar(255) NOT NULL)');
    await expect(prepareStore(asOwner(url), passwords)).rejects.toMatchObject({ code: 'store_foreign' });
    expect(await ownersOf(url)).toEqual([{ tableowner: 'postgres' }]);
  });

  it('is refused to whoever may not', async () => {
    const url = await server.createDatabase();
    await query(url, 'CREATE ROLE stranger LOGIN');
    await expect(prepareStore(configOf(url, 'stranger'), passwords)).rejects.toMatchObject({
      code: 'store_denied',
      message: expect.stringContaining('permission denied'),
    });
  });

  it('leaves roles to those who have made them', async () => {
    const url = await server.createDatabase();
    const database = new URL(url).pathname.slice(1);
    await prepareAs(asOwner(url));
    await query(url, 'CREATE ROLE app LOGIN IN ROLE voting_migrator');
    await query(url, `GRANT CREATE ON SCHEMA public TO app; ALTER DATABASE ${database} OWNER TO app`);
    const { rolesLeft } = await prepareAs(configOf(url, 'app'), later);
    expect(rolesLeft).toEqual(['voting_migrator', 'voting_worker', 'voting_reader', 'voting_host']);
    expect(await ownersOf(url)).toEqual([{ tableowner: 'voting_migrator' }]);
  });

  it('is for the master of a managed store too, who is no superuser', async () => {
    const managed = await startServer('managed');
    try {
      await query(managed.url, 'CREATE ROLE master LOGIN CREATEROLE CREATEDB');
      const url = String(new URL('/votes', managed.url));
      await query(managed.url, 'CREATE DATABASE votes OWNER master');
      const master = configOf(url, 'master');
      const before = open(master);
      await before.migrate();
      await before.record([vote('v1', 'a', 1)], 0);
      for (const rolesLeft of [[], []]) expect(await prepareAs(master)).toEqual({ versions: [], rolesLeft });
      expect(await ownersOf(url)).toEqual([{ tableowner: 'voting_migrator' }]);
      // what worked as the master still does
      await before.record([vote('v2', 'b', 2)], 0);
      await attempt(master, 'SELECT vote, COUNT(id) FROM votes GROUP BY vote');
      expect(await before.recount('main', true)).toEqual([]);
      const reader = open(asReader(url));
      expect((await reader.snapshot(['main'])).tallies.get('main')).toEqual({ a: 1, b: 1 });
      await expect(attempt(asReader(url), 'DELETE FROM tallies')).rejects.toMatchObject(noRight);
      await Promise.all([before.close(), reader.close()]);
    } finally {
      await managed.stop();
    }
  });
});

describe('the verifier of a password', () => {
  it('is what RFC 7677 has as an example', () => {
    // the keys that follow from its salt and password; its proof and signature were made with them
    expect(scramVerifier('pencil', Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64'))).toBe(
      'SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=',
    );
  });
});

describe('readRolePasswords', () => {
  it('takes all or none', () => {
    expect(readRolePasswords({})).toBeUndefined();
    const all = {
      POSTGRES_WORKER_PASSWORD: 'w',
      POSTGRES_READER_PASSWORD: 'r',
      POSTGRES_HOSTS_PASSWORD: 'h',
    };
    expect(readRolePasswords(all)).toEqual({ worker: 'w', reader: 'r', host: 'h' });
    expect(() => readRolePasswords({ ...all, POSTGRES_HOSTS_PASSWORD: undefined })).toThrow(
      'POSTGRES_HOSTS_PASSWORD: missing (set all three passwords, or none)',
    );
    expect(() => readRolePasswords({ POSTGRES_WORKER_PASSWORD: 'secret' })).toThrow(
      expect.objectContaining({
        faults: [
          'POSTGRES_READER_PASSWORD: missing (set all three passwords, or none)',
          'POSTGRES_HOSTS_PASSWORD: missing (set all three passwords, or none)',
        ],
      }),
    );
  });
});
