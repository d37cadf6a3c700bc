import { type Logger, pino } from 'pino';

export type Log = Logger;

/** JSON lines on standard output, each with the time, the level and the service's name. */
export function createLog(service: string, level: string): Log {
  return pino({
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
  });
}
