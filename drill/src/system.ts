import { type Services, startServices } from './start-services.ts';
import { type Stores, startStores } from './start-stores.ts';

/** Everything that runs: the services, their stores and the lines between. */
export interface System extends Stores, Services {
  close(): Promise<void>;
}

/** Starts the stores, then the services, without waiting for those. */
export async function startSystem(): Promise<System> {
  const opened: (() => Promise<void>)[] = [];
  const closing = (step: () => Promise<void>) => opened.push(step);

  async function close(): Promise<void> {
    for (let step = opened.pop(); step !== undefined; step = opened.pop()) await step();
  }

  try {
    const stores = await startStores(closing);
    return { ...stores, ...(await startServices(stores, closing)), close };
  } catch (error) {
    await close();
    throw error;
  }
}
