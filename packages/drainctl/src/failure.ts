import { Refused, Unprovable, Unreachable } from '@hermes/dashboard-client';
import { DrainctlError, EXIT } from './exit.ts';

/** How a command ends by an error that a person can act on; `undefined` for a fault of ours. */
export function failureOf(error: unknown): DrainctlError | undefined {
  if (error instanceof DrainctlError) return error;
  if (error instanceof Unreachable) return new DrainctlError('unreachable', EXIT.unreachable, error.message);
  if (error instanceof Unprovable) return new DrainctlError('no-credential', EXIT.config, error.message);
  if (error instanceof Refused)
    return new DrainctlError('refused', EXIT.refused, error.message, { problem: error.problem });
  return undefined;
}
