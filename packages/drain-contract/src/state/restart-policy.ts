import { decodeJsonObject } from '../files/decode.pure.ts';
import { readSmallFile } from '../files/read.ts';
import type { HomeOptions } from '../home.ts';
import { gatewayStatePath } from './path.ts';
import type { GatewayStateView } from './schema.pure.ts';

/** What of a gateway's state decides whether it is brought back at boot, and how long it may take to stop. */
export type RestartPolicyView = Pick<
  GatewayStateView,
  'gateway_state' | 'desired_state' | 'restart_drain_timeout' | 'stop_timeout'
>;

/**
 * A few fields of the state that `readGatewayState` returns, for who reads thousands of them at boot; `undefined` when
 * the file is absent, unreadable or corrupt. Never throws.
 */
export function readRestartPolicyView(options: HomeOptions = {}): RestartPolicyView | undefined {
  const sighting = readSmallFile(gatewayStatePath(options));
  const body = sighting.kind === 'bytes' ? decodeJsonObject(sighting.bytes) : undefined;
  // By hand, and held against the schema by a test: to load zod takes longer than to read a hundred states.
  return (
    body && {
      gateway_state: textOf(body['gateway_state']),
      desired_state: textOf(body['desired_state']),
      restart_drain_timeout: secondsOf(body['restart_drain_timeout']),
      stop_timeout: secondsOf(body['stop_timeout']),
    }
  );
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** JSON can hold 1e999, which is infinite. */
function secondsOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null;
}
