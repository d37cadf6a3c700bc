export { createHosting, type Hosting } from './hosting.ts';
export { type HostKey, readHostKeys } from './keys.ts';
export { createHostServer, type HostConfig, type HostDeps } from './server.ts';
