import type { GatewayStateView } from './schema.pure.ts';

/** `kind` in the state of a gateway of the reference system; ours has no such field. */
export const REFERENCE_KIND = 'hermes-gateway';

/** The fields that only gateways of ours write. */
const OURS = [
  'epoch',
  'drain',
  'endpoint',
  'started_at',
  'exit',
  'version',
  'start_problem',
  'queued_turns',
  'refused_turns',
  'shared_turns',
  'channels',
  'stop_timeout',
  'turn_timeout',
];

type Fields = Readonly<Record<string, unknown>>;

/**
 * A state as its last writer means it. The reference system merges its fields into the file that it finds: after a home
 * has gone back to it, the epoch and the drain of our last process are still there and mean nothing.
 */
export function withoutInheritedFields(body: Fields): Fields {
  if (!isStateOfReference(body)) return body;
  const own = Object.entries(body).filter(([name]) => !OURS.includes(name));
  const work = body['active_work'];
  return { ...Object.fromEntries(own), active_work: Array.isArray(work) ? work.filter((turn) => !hasId(turn)) : [] };
}

/** Whether a gateway of the reference system was the last to write a state file. */
export function isStateOfReference(body: Fields): boolean {
  return body['kind'] === REFERENCE_KIND;
}

/** Turns of the reference system have no id. */
function hasId(turn: unknown): boolean {
  return typeof turn === 'object' && turn !== null && 'id' in turn;
}

/** Whether the state is that of a gateway of the reference system, which publishes neither epoch nor version. */
export function isOfReferenceSystem(state: GatewayStateView): boolean {
  return state.epoch === '' && state.version === null;
}

/** What the reference system says of the process that serves a home. */
export interface ProcessRecord {
  /** Process id. */
  readonly pid: number;
  /** Field 22 of `/proc/PID/stat`; `null` in the files of old versions. */
  readonly startTime: number | null;
}

/** The content of `gateway.pid`: a JSON object, or a bare number; `undefined` for anything else. */
export function parsePidFile(text: string): ProcessRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value === 'number') return recordOf(value, null);
  const { pid, start_time } = (value ?? {}) as Fields;
  return recordOf(pid, start_time);
}

function recordOf(pid: unknown, startTime: unknown): ProcessRecord | undefined {
  if (!isCount(pid) || pid === 0) return undefined;
  return { pid, startTime: isCount(startTime) ? startTime : null };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/**
 * Whether a command line is that of a gateway of a profile: a token named `hermes-gateway`, or `hermes … gateway run` with
 * the flag of that profile anywhere, or without one for the default profile.
 */
export function isGatewayCommand(tokens: readonly string[], profile: string): boolean {
  const names = tokens.map((token) => token.slice(token.lastIndexOf('/') + 1));
  if (names.includes('hermes-gateway')) return true;
  const runs = names.some((name, at) => name === 'gateway' && names[at + 1] === 'run');
  const flag = names.findIndex((name) => name === '-p' || name === '--profile');
  const named = names.find((name) => name.startsWith('--profile='))?.slice('--profile='.length);
  return names.includes('hermes') && runs && (named ?? (flag < 0 ? 'default' : names[flag + 1])) === profile;
}
