import { isInFlight, type OwnTurn } from '@hermes/dashboard-client';
import { DrainctlError, EXIT } from '../exit.ts';
import type { Context } from './context.ts';
import type { WaitingOptions } from './options.ts';

export const SELF =
  'this command runs inside a turn of the gateway that it would wait for, and that turn cannot finish before the command does: ' +
  'use begin without --wait, or add --except-own-turn';

/** The turn of which an agent of ours runs this command; `undefined` outside of one. */
export function ownTurn({ exceptOwnTurn = false }: WaitingOptions): OwnTurn | undefined {
  const id = process.env['HERMES_TURN_ID'];
  return id ? { id, isExcepted: exceptOwnTurn } : undefined;
}

/** Call it before the begin. @throws DrainctlError if the wait would include the turn that runs this command. */
export async function requireNotSelf({ api, signal }: Context, options: WaitingOptions): Promise<void> {
  const own = ownTurn(options);
  if (own === undefined || own.isExcepted) return;
  if (!isInFlight(await api.status(signal), own.id)) return;
  throw new DrainctlError('self', EXIT.self, `${SELF}. Nothing was begun`, { profile: api.profile, turn_id: own.id });
}
