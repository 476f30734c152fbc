import { S6Error, type S6ErrorCode } from '../errors.ts';

/** Exit codes, as documented in `--help`. */
export const EXIT = { ok: 0, usage: 2 } as const;

const CODES: Record<S6ErrorCode, number> = {
  failed: 1,
  invalid_argument: EXIT.usage,
  timeout: 3,
  no_such_gateway: 4,
  not_permitted: 5,
  'gateway-failed': 6,
  no_supervisor: 7,
  overruled: 8,
  limit: 9,
  unhealthy: 10,
  misconfigured: 78,
};

/** The exit code that an error stands for. */
export function exitCodeOf(error: unknown): number {
  return CODES[error instanceof S6Error ? error.code : 'failed'];
}

/** One line that a person can act on; only a bug of ours shows a stack. */
export function tellError(error: unknown): string {
  if (error instanceof S6Error) return error.message.replace(/\s*\n\s*/g, ' ');
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
