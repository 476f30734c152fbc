import { createLogger, type Logger } from '@hermes/service-kit';
import { vi } from 'vitest';

/** A log without output, and the messages of its warnings and errors. */
export function quietLog(): { log: Logger; warnings: string[]; errors: string[] } {
  const log = createLogger('test', 'silent');
  const warnings: string[] = [];
  const errors: string[] = [];
  vi.spyOn(log, 'warn').mockImplementation((...said: unknown[]) => void warnings.push(String(said.at(-1))));
  vi.spyOn(log, 'error').mockImplementation((...said: unknown[]) => void errors.push(String(said.at(-1))));
  return { log, warnings, errors };
}
