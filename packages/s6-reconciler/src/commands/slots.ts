import { createServiceManager, type SlotManager } from '../manager/service-manager.ts';
import type { SlotStatus } from '../manager/slot-status.ts';
import { settleIdentity } from './identity.ts';
import { printJson, printLine } from './print.ts';

/** Options of the commands about slots. */
export interface SlotCommandOptions {
  readonly home?: string;
  readonly scandir: string;
  readonly user: string;
  readonly command: string;
  readonly json: boolean;
  /** Seconds. */
  readonly timeout?: number;
  readonly down?: boolean;
}

/** What can be done with one slot. */
export type Verb = 'create' | 'register' | 'unregister' | 'start' | 'stop' | 'restart' | 'status';

/** `hermes-s6 VERB NAME`. */
export async function runOnSlot(verb: Verb, profile: string, options: SlotCommandOptions): Promise<void> {
  const manager = managerFor(options);
  const status =
    verb === 'register' ? await manager.register(profile, { start: !options.down }) : await manager[verb](profile);
  if (status === undefined) {
    if (options.json) printJson({ profile, registered: false });
    else printLine(`${profile}: unregistered`);
  } else {
    print(status, options);
  }
}

/** `hermes-s6 list`. */
export async function runList(options: SlotCommandOptions): Promise<void> {
  const slots = await managerFor(options).list();
  if (options.json) printJson({ slots });
  else for (const status of slots) print(status, options);
}

function print(status: SlotStatus, { json }: SlotCommandOptions): void {
  if (json) printJson(status);
  else printLine(formatStatus(status));
}

function managerFor(options: SlotCommandOptions): SlotManager {
  const { home, scandir, user, command, timeout } = settleIdentity(options);
  const startTimeoutMs = timeout === undefined ? undefined : timeout * 1000;
  return createServiceManager({ home, scandir, command, user, startTimeoutMs });
}

/** For example `support: running for 42 s, pid 4711`, or `support: failed for 3 s, exit status 78`. */
function formatStatus({ profile, supervised, state, seconds, pid, exit_code, signal }: SlotStatus): string {
  if (!supervised) return `${profile}: not supervised`;
  const end = signal === null ? (exit_code === null ? '' : `, exit status ${exit_code}`) : `, killed by ${signal}`;
  return `${profile}: ${state} for ${seconds} s${pid === null ? end : `, pid ${pid}`}`;
}
