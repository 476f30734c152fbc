import { isInForce } from '@hermes/dashboard-client';
import { EXIT, type Outcome } from '../exit.ts';
import { describeRequest } from '../output/describe.ts';
import { conflictWith, notDraining, tagOf, unlessConflict } from './conflict.ts';
import type { Context } from './context.ts';
import type { CancelCommandOptions } from './options.ts';

/** `drainctl cancel`: cancels only the drain that it has read. */
export async function cancel({ api, signal }: Context, { request }: CancelCommandOptions): Promise<Outcome> {
  const drain = await api.drain(signal);
  const inForce = isInForce(drain);
  if (inForce && request !== undefined && drain.request_id !== request) throw conflictWith(drain);
  if (!inForce && request !== undefined && drain.verdict.reason !== 'unavailable') {
    throw notDraining(`the drain ${request} is not in force`);
  }
  const seen = inForce ? drain.request_id : drain.verdict.reason === 'unavailable' ? (request ?? null) : null;
  const { was_draining } = await unlessConflict(api.cancel(signal, tagOf(seen)));
  if (!was_draining && request !== undefined) throw notDraining(`the drain ${request} is not in force`);
  const text = was_draining ? `cancelled: ${describeRequest(drain)}` : 'no drain was in force';
  const data = { profile: api.profile, request_id: was_draining ? drain.request_id : null, was_draining };
  return { result: 'cancelled', exit: EXIT.done, text: [text], data };
}
