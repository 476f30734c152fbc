import { type Logger, pino } from 'pino';
import { stderrOutput } from './log-output.ts';

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/**
 * A JSON log on stderr. A line is written before the call returns, so that the last line before a death is there; where
 * the reader of stderr does not take it, the line waits in memory, and in the end is dropped: a log never blocks. Fields
 * by the usual names of secrets are blanked out as a second line of defence only: do not log secrets.
 */
export function createLogger(name: string, level: LogLevel): Logger {
  const options = {
    name,
    level,
    redact: ['req.headers.authorization', 'headers.authorization', 'key', 'secret', 'token'],
  };
  const output = stderrOutput();
  const logger = pino(options, output);
  // At any level: an unmarked gap in the log would look like silence.
  const gaps = logger.child({}, { level: 'warn' });
  output.onGap = (dropped) => gaps.warn({ dropped }, `${dropped} log lines dropped: stderr was not read in time`);
  return logger;
}

export { LOG_LEVELS, type Logger };
