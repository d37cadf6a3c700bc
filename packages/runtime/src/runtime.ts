export { createClientNetwork } from './client-network.ts';
export { type Closing, createClosing } from './closing.ts';
export {
  createHttpServer,
  type FirstHandler,
  type HttpServerConfig,
  listen,
  type Server,
  securityHeaders,
} from './http-server.ts';
export { createLog, type Log } from './log.ts';
export { createRegistry, createRequestMetric, type RequestMetric } from './metrics.ts';
export { openOpsServer } from './ops-server.ts';
export { createPatience, type Patience } from './patience.ts';
export { createReadiness, type Readiness } from './readiness.ts';
export { CannotStart, type Opened, runService } from './service.ts';
export { type Environment, InvalidSettings, readSettings } from './settings.ts';
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
