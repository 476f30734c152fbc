import { decodeJsonObject, MAX_FILE_BYTES } from '../files/decode.pure.ts';
import { readSmallFile } from '../files/read.ts';
import type { FileSighting } from '../files/sighting.ts';
import type { HomeOptions } from '../home.ts';
import { gatewayStatePath } from './path.ts';
import type { GatewayStateView } from './schema.pure.ts';

/** What of a gateway's state decides whether it is brought back at boot, and how long it may take to stop. */
export type RestartPolicyView = Pick<
  GatewayStateView,
  'gateway_state' | 'desired_state' | 'restart_drain_timeout' | 'stop_timeout'
>;

/** What one look found: a view, or why a file that is there has none. */
export interface RestartPolicySighting {
  /** `undefined` when the file is absent, unreadable or corrupt. */
  readonly view: RestartPolicyView | undefined;
  /** How the last process ended, as either system says it in a word or a sentence; `null` where it does not. */
  readonly priorExit: string | null;
  /** In words that follow the name of the file; `undefined` for a file that is absent or was understood. */
  readonly problem: string | undefined;
}

/**
 * A few fields of the state that `readGatewayState` returns, for who reads thousands of them at boot; `undefined` when
 * the file is absent, unreadable or corrupt. Never throws.
 */
export function readRestartPolicyView(options: HomeOptions = {}): RestartPolicyView | undefined {
  return lookAtRestartPolicy(options).view;
}

/** The same, with the reason why there is none. Never throws. */
export function lookAtRestartPolicy(options: HomeOptions = {}): RestartPolicySighting {
  const sighting = readSmallFile(gatewayStatePath(options));
  const body = sighting.kind === 'bytes' ? decodeJsonObject(sighting.bytes) : undefined;
  return {
    view: body && viewOf(body),
    priorExit: body ? exitOf(body) : null,
    problem: body ? undefined : problemOf(sighting),
  };
}

/** By hand, and held against the schema by a test: to load zod takes longer than to read a hundred states. */
function viewOf(body: Readonly<Record<string, unknown>>): RestartPolicyView {
  return {
    gateway_state: textOf(body['gateway_state']),
    desired_state: textOf(body['desired_state']),
    restart_drain_timeout: secondsOf(body['restart_drain_timeout']),
    stop_timeout: secondsOf(body['stop_timeout']),
  };
}

/** The reference system has a text of its own in a file that it has written, and may have kept ours beside it. */
function exitOf({ exit, exit_reason, kind }: Readonly<Record<string, unknown>>): string | null {
  const ours = typeof exit === 'object' && exit !== null ? (exit as { signal?: unknown; reason?: unknown }) : {};
  return kind === undefined ? (textOf(ours.signal) ?? textOf(ours.reason) ?? textOf(exit_reason)) : textOf(exit_reason);
}

function problemOf(sighting: FileSighting): string | undefined {
  if (sighting.kind === 'absent') return undefined;
  if (sighting.kind === 'bytes')
    return sighting.bytes.byteLength > MAX_FILE_BYTES
      ? `is larger than ${MAX_FILE_BYTES / 1_024} KiB`
      : 'is not a JSON object';
  return sighting.code === 'ELOOP' ? 'is a link' : `cannot be read (${sighting.code})`;
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** JSON can hold 1e999, which is infinite. */
function secondsOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null;
}
