export { createClientNetwork } from './client-network.ts';
export { type Closing, createClosing } from './closing.ts';
export {
  type Answer,
  createHttpServer,
  type FirstHandler,
  listen,
  type Refuse,
  type Server,
  securityHeaders,
} from './http-server.ts';
export { createLog, type Log } from './log.ts';
export { createRegistry, createRequestMetric, type RequestMetric } from './metrics.ts';
export { openOpsServer } from './ops-server.ts';
export { createPatience, type Patience } from './patience.ts';
export { createPlaces, type Places } from './places.ts';
export { isOneOfSeveral, openProcesses, reportToFirst } from './processes.ts';
export { createReadiness, type Readiness } from './readiness.ts';
export { CannotStart, type Opened, runService } from './service.ts';
export { type Environment, InvalidSettings, readSettings } from './settings.ts';
export { createTroubles, type Troubles } from './troubles.ts';
export {
  choice,
  flag,
  logSettings,
  opsSettings,
  pageAddress,
  pageSettings,
  proxies,
  shutdownSettings,
  text,
  variables,
  wholeNumber,
} from './variables.ts';
