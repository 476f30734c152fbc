import { KeepAlive, waitUntilDrained } from '@hermes/dashboard-client';
import { EXIT, type Outcome } from '../exit.ts';
import type { Context } from './context.ts';
import { finish, waitOptions } from './finish.ts';
import { describeStaysOn, describeUnanswered, type Made, makeRequest } from './make-request.ts';
import type { BeginCommandOptions } from './options.ts';
import { requireNotSelf } from './own-turn.ts';

/** `drainctl begin`. */
export async function begin(context: Context, options: BeginCommandOptions): Promise<Outcome> {
  context.leaving = [describeUnanswered(context)];
  if (options.wait) await requireNotSelf(context, options);
  const made = await makeRequest(context, options, options.join);
  if (!options.wait) return begun(context, made);
  const { api, signal, reporter, paste } = context;
  const { requestId, maxAgeSeconds } = made;
  context.leaving = [
    `detached: ${describeStaysOn(made)}`,
    `to wait again: ${paste('wait', '--request', requestId)}`,
    `to end it: ${paste('cancel', '--request', requestId)}`,
  ];
  await using _ = new KeepAlive(api, { requestId, maxAgeSeconds, signal });
  const end = await waitUntilDrained(api, waitOptions(options, signal, requestId), reporter);
  return finish(context, end, options);
}

function begun({ api }: Context, { requestId, requestedAt, gatewayRunning }: Made): Outcome {
  const data = {
    profile: api.profile,
    request_id: requestId,
    requested_at: requestedAt,
    gateway_running: gatewayRunning,
  };
  return { result: 'begun', exit: EXIT.done, text: [], data };
}
