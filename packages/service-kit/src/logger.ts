import { type Logger, pino } from 'pino';

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/**
 * A JSON log on stderr. Written at once, so that the last line before a death is there. Fields by the usual names of
 * secrets are blanked out as a second line of defence only: do not log secrets.
 */
export function createLogger(name: string, level: LogLevel): Logger {
  const options = {
    name,
    level,
    redact: ['req.headers.authorization', 'headers.authorization', 'key', 'secret', 'token'],
  };
  return pino(options, pino.destination({ fd: 2, sync: true }));
}

export { LOG_LEVELS, type Logger };
