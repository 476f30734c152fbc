import type { Context } from '../cli/context.ts';
import type { RequestOptions } from '../cli/options.ts';
import { plain } from '../output/plain.ts';
import { tellDuration } from '../settings/duration.ts';
import { unlessHeld } from './held.ts';

const DEFAULT_MAX_AGE_MS = 3_600_000;

/** A drain that has been begun here, or joined. */
export interface Made {
  readonly requestId: string;
  readonly requestedAt: string;
  readonly gatewayRunning: boolean;
  readonly maxAgeSeconds: number | undefined;
}

/** Begins a drain, or with `join` takes part in the one in force. @throws DrainctlError. */
export async function makeRequest({ api, signal, reporter }: Context, options: RequestOptions): Promise<Made> {
  const { reason, quiet, maxAge, join } = options;
  const maxAgeSeconds = maxAge === undefined ? undefined : maxAge / 1000;
  const begun = await unlessHeld(api.begin(signal, { reason, quiet, maxAgeSeconds }, join ? 'any' : 'none-in-force'));
  const { request_id, requested_at, gateway_running } = begun;
  const running = gateway_running ? '' : '; the gateway is not running, one that starts will drain';
  const text = `drain begun: ${plain(request_id)} (${plain(api.profile)})${running}`;
  reporter.note('begun', text, { profile: api.profile, request_id, requested_at, gateway_running });
  return { requestId: request_id, requestedAt: requested_at, gatewayRunning: gateway_running, maxAgeSeconds };
}

/** For a drain that nobody will keep alive any more. */
export function tellStaysOn({ requestId }: Made, maxAge: number | undefined): string {
  const lapse = tellDuration(maxAge ?? DEFAULT_MAX_AGE_MS);
  return `the drain stays on (${plain(requestId)}); it lapses after ${lapse} unless it is extended`;
}
