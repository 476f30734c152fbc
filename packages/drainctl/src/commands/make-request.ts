import type { BeginOptions, DashboardApi, DrainView } from '@hermes/dashboard-client';
import { DrainctlError } from '../exit.ts';
import { formatTime } from '../output/describe.ts';
import { formatDuration } from '../settings/duration.ts';
import { requireInForce, unlessConflict } from './conflict.ts';
import type { Context } from './context.ts';
import type { RequestOptions } from './options.ts';

const DEFAULT_MAX_AGE_SECONDS = 3600;

type Began = Awaited<ReturnType<DashboardApi['begin']>>;

/** A drain that this command began or joined. */
export interface Made {
  readonly requestId: string;
  readonly requestedAt: string;
  readonly gatewayRunning: boolean;
  /** After how long it expires unless it is refreshed. */
  readonly maxAgeSeconds: number;
}

/** Begins a drain; with `join`, refreshes one that is already in force. @throws DrainctlError. */
export async function makeRequest(context: Context, options: RequestOptions, join = false): Promise<Made> {
  const { api, signal } = context;
  const { reason, quiet, maxAge, lead, requestId: own } = options;
  const maxAgeSeconds = maxAge === undefined ? undefined : maxAge / 1000;
  const leadSeconds = lead === undefined ? undefined : lead / 1000;
  const wanted: BeginOptions = { reason, quiet, maxAgeSeconds };
  const fresh = { ...wanted, leadSeconds, requestId: own };
  try {
    const begun = await unlessConflict(api.begin(signal, fresh, own === undefined ? 'none-in-force' : 'own'), 'new');
    return describeMade(context, 'begun', begun, maxAgeSeconds ?? DEFAULT_MAX_AGE_SECONDS);
  } catch (error) {
    if (!join || !(error instanceof DrainctlError) || error.result !== 'conflict') throw error;
    const requestId = requireInForce(await api.drain(signal), undefined);
    const joined = await unlessConflict(api.begin(signal, wanted, { requestId }));
    return describeMade(context, 'joined', joined, maxAgeSeconds ?? maxAgeOf(await api.drain(signal)));
  }
}

/** After how many seconds a drain expires unless it is refreshed. */
export function maxAgeOf({ expires_at, requested_at }: DrainView): number {
  return (Date.parse(expires_at ?? '') - Date.parse(requested_at ?? '')) / 1000 || DEFAULT_MAX_AGE_SECONDS;
}

/** For a begin that was interrupted. */
export function describeUnanswered({ paste }: Context): string {
  return `interrupted before the dashboard had answered; to see whether the drain is in force: ${paste('status')}`;
}

/** For a drain that is not refreshed any more. */
export function describeStaysOn({ requestId, maxAgeSeconds }: Made): string {
  const age = formatDuration(maxAgeSeconds * 1000);
  return `the drain stays in force (${requestId}); it expires after ${age} unless it is extended`;
}

function describeMade(
  { api, reporter }: Context,
  what: 'begun' | 'joined',
  answer: Began,
  maxAgeSeconds: number,
): Made {
  const { request_id, requested_at, gateway_running, refuse_after, warning } = answer;
  const running = gateway_running ? '' : '; the gateway is not running, one that starts will drain';
  const later = refuse_after === undefined ? '' : `; messages are refused from ${formatTime(refuse_after)} on`;
  const text = `drain ${what}: ${request_id} (${api.profile})${later}${running}${warning === undefined ? '' : `; ${warning}`}`;
  reporter.note(what, text, {
    profile: api.profile,
    request_id,
    requested_at,
    gateway_running,
    ...(warning === undefined ? {} : { warning }),
  });
  return { requestId: request_id, requestedAt: requested_at, gatewayRunning: gateway_running, maxAgeSeconds };
}
