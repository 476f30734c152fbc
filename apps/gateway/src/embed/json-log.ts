import type { Log } from '../drain/log.ts';

/** A log that writes a line of JSON to stderr for each call above `debug`. */
export function jsonLog(name: string): Log {
  const at = (level: string) => (first: string | object, second?: string) => {
    const fields = typeof first === 'string' ? {} : first;
    const text = typeof first === 'string' ? first : second;
    const line = { time: new Date().toISOString(), level, name, ...fields, msg: text };
    process.stderr.write(
      `${JSON.stringify(line, (_key, value) => (value instanceof Error ? value.message : value))}\n`,
    );
  };
  return { debug: () => undefined, info: at('info'), warn: at('warn'), error: at('error') };
}
