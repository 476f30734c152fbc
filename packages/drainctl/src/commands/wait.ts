import { KeepAlive, persistently, waitUntilDrained } from '@hermes/dashboard-client';
import type { Outcome } from '../exit.ts';
import { requireInForce } from './conflict.ts';
import type { Context } from './context.ts';
import { finish, waitOptions } from './finish.ts';
import { maxAgeOf } from './make-request.ts';
import type { WaitCommandOptions } from './options.ts';

/** `drainctl wait`. */
export async function wait(context: Context, options: WaitCommandOptions): Promise<Outcome> {
  const { api, signal, reporter, paste } = context;
  const { request } = options;
  const named = request === undefined ? [] : ['--request', request];
  context.leaving = [
    'detached: a drain that is in force stays so',
    `to wait again: ${paste('wait', ...named)}`,
    `to end it: ${paste('cancel', ...named)}`,
  ];
  if (!options.keepAlive) {
    const end = await waitUntilDrained(api, waitOptions(options, signal, options.request), reporter);
    return finish(context, end, options);
  }
  const retryFor = Math.min(options.retryFor, options.deadline ?? Number.POSITIVE_INFINITY);
  const onLost = (error: Error) => reporter.lost(error);
  const drain = await persistently(() => api.drain(signal), { signal, retryFor, onLost });
  const requestId = requireInForce(drain, options.request);
  const maxAgeSeconds = maxAgeOf(drain);
  await using _ = new KeepAlive(api, { requestId, maxAgeSeconds, signal });
  const end = await waitUntilDrained(api, waitOptions(options, signal, requestId), reporter);
  return finish(context, end, options);
}
