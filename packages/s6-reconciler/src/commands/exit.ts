import { ServiceError, type ServiceErrorKind } from '@hermes/drain-contract';

/** Exit codes, as documented in `--help`. */
export const EXIT = { ok: 0, usage: 2 } as const;

const CODES: Record<ServiceErrorKind, number> = {
  failed: 1,
  invalid_argument: EXIT.usage,
  timeout: 3,
  not_registered: 4,
  not_permitted: 5,
  start_failed: 6,
  unavailable: 7,
  overruled: 8,
  limit: 9,
  misconfigured: 78,
};

/** A check failed. */
export class UnhealthyError extends Error {}

const UNHEALTHY = 10;

/** The exit code for an error. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof UnhealthyError) return UNHEALTHY;
  return CODES[error instanceof ServiceError ? error.kind : 'failed'];
}

/** One line with a remedy; only a bug of ours shows a stack. */
export function tellError(error: unknown): string {
  if (error instanceof ServiceError || error instanceof UnhealthyError) return error.message.replace(/\s*\n\s*/g, ' ');
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
