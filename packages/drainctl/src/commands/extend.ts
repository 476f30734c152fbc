import { EXIT, type Outcome } from '../exit.ts';
import { formatTime } from '../output/describe.ts';
import { requireInForce, unlessConflict } from './conflict.ts';
import type { Context } from './context.ts';
import type { ExtendCommandOptions } from './options.ts';

/** `drainctl extend`. */
export async function extend({ api, signal }: Context, { request, maxAge }: ExtendCommandOptions): Promise<Outcome> {
  const requestId = requireInForce(await api.drain(signal), request);
  const maxAgeSeconds = maxAge === undefined ? undefined : maxAge / 1000;
  await unlessConflict(api.begin(signal, { maxAgeSeconds }, { requestId }));
  const { expires_at } = await api.drain(signal);
  const text = `extended: ${requestId} expires at ${formatTime(expires_at)}`;
  const data = { profile: api.profile, request_id: requestId, expires_at };
  return { result: 'extended', exit: EXIT.done, text: [text], data };
}
