import type { Logger } from '@hermes/service-kit';

/** A line of the log: its level and sentence, and its fields. */
export type LogLine = Record<string, unknown> & { readonly level: string; readonly msg: string };

/** A log without output, and all its lines. */
export function recordingLog(): { log: Logger; lines: LogLine[] } {
  const lines: LogLine[] = [];
  const withFields = (bound: object): unknown => {
    const at = (level: string) => (first: unknown, second?: string) => {
      const fields = typeof first === 'object' ? first : {};
      lines.push({ ...bound, ...fields, level, msg: second ?? String(first) });
    };
    const child = (more: object) => withFields({ ...bound, ...more });
    return { child, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
  };
  return { log: withFields({}) as Logger, lines };
}
