import { createPostgresStore, type PostgresStore, readPostgresSettings } from '@voting/store/postgres';

/** The store as the services use it, without a service around it. */
export async function openStore(stage: AsyncDisposableStack, url: string): Promise<PostgresStore> {
  const settings = readPostgresSettings(2)({ DATABASE_URL: url });
  const store = createPostgresStore({ ...settings, deadlineMs: 600_000 }, () => {});
  stage.defer(() => store.close());
  await store.migrate();
  return store;
}
