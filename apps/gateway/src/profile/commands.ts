import { createInterface } from 'node:readline/promises';
import { resolveHome, shellLine, visibleJson, visibleText } from '@hermes/drain-contract';
import { StartupError } from '@hermes/service-kit';
import { becomeOwnerOfHome } from '../identity.ts';
import { createProfile, requireName } from './create.ts';
import { type ProfileSummary, summarizeProfiles } from './list.ts';
import { lockProfiles } from './lock.ts';
import { freePort, requireUnnamed } from './port.ts';
import { removableProfile, removeProfile, requireIdle, requireUnserved, whatIsLost } from './remove.ts';
import { findSupervision } from './supervision.ts';
import { requireNoUnit, serviceCommand } from './unit.ts';

/** Maximum length of a state that is shown; valid ones are shorter. */
const STATE_WIDTH = 50;

/** Options of `hermes-gateway profile create`. */
export interface CreateOptions {
  readonly port?: number;
  /** Whether to register the gateway with a running supervisor. */
  readonly register: boolean;
  readonly json: boolean;
}

/** Options of `hermes-gateway profile delete`. */
export interface DeleteOptions {
  readonly yes: boolean;
  readonly force: boolean;
  readonly json: boolean;
}

/** `hermes-gateway profile create`. */
export async function runCreate(name: string, options: CreateOptions): Promise<void> {
  requireName(name);
  becomeOwnerOfHome();
  const supervision = options.register ? findSupervision(process.env) : undefined;
  const { home, port } = await createWithPort(name, options.port);
  const registered = supervision !== undefined;
  try {
    await supervision?.register(name);
  } catch (error) {
    const { message } = error as Error;
    const retry = supervision?.registerCommand(name);
    throw new StartupError(`created ${home}, but ${message}; to retry: ${retry}`, { cause: error });
  }
  if (options.json) printJson({ name, home, port, registered });
  else {
    print(`created ${home}, port ${port}`);
    print(registered ? 'its gateway runs under supervision' : `run it: ${runCommand(name)}`);
  }
}

/** The command line that runs the gateway of the profile `name` in this home, to be pasted. */
function runCommand(name: string): string {
  const service = serviceCommand('start', name);
  if (service !== undefined) return service;
  const home = process.env.HERMES_HOME?.trim();
  return `${home ? `HERMES_HOME=${shellLine([resolveHome()])} ` : ''}${shellLine(['hermes-gateway', 'run', '-p', name])}`;
}

/** Ports are assigned one at a time. */
async function createWithPort(name: string, wanted: number | undefined): Promise<{ home: string; port: number }> {
  using _lock = lockProfiles();
  if (wanted !== undefined) requireUnnamed(wanted);
  const port = wanted ?? (await freePort());
  return { home: createProfile({ name, port }).home, port };
}

/** `hermes-gateway profile list`. */
export async function runList({ json }: { readonly json: boolean }): Promise<void> {
  becomeOwnerOfHome();
  const profiles = await summarizeProfiles(findSupervision(process.env));
  if (json) printJson({ profiles });
  else for (const profile of profiles) print(formatSummary(profile));
}

/** `hermes-gateway profile delete`. @returns false if the deletion was not confirmed. */
export async function runDelete(name: string, { yes, force, json }: DeleteOptions): Promise<boolean> {
  becomeOwnerOfHome();
  const profile = removableProfile(name);
  if (!force) await requireIdle(profile);
  await requireNoUnit(name);
  const supervision = findSupervision(process.env);
  const slot = (await supervision?.list())?.get(name);
  // Checked before any change: without a supervisor, this command cannot stop the gateway.
  if (slot === undefined || slot.pid === null) requireUnserved(profile);
  if (!yes && !(await confirm(`Delete ${whatIsLost(profile)}? Type ${name} to confirm: `, name))) return false;
  using _lock = lockProfiles();
  if (slot !== undefined) await supervision?.unregister(name);
  removeProfile(profile);
  if (json) printJson({ name, deleted: true });
  else print(`deleted ${profile.home}`);
  return true;
}

async function confirm(question: string, expected: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // The end of the input is not a confirmation.
  const ended = new Promise<string>((resolve) => terminal.once('close', () => resolve('')));
  try {
    return (await Promise.race([terminal.question(question), ended])).trim() === expected;
  } finally {
    terminal.close();
  }
}

function formatSummary({ name, port, state, live, desired_state: wanted, slot }: ProfileSummary): string {
  const gateway = live
    ? visibleText(state ?? 'live', STATE_WIDTH)
    : `not running${state === null ? '' : `, last ${visibleText(state, STATE_WIDTH)}`}`;
  const details = [gateway, `port ${port ?? 'unknown'}`, `desired state ${wanted ?? 'not set'}`];
  return `${name}: ${[...details, ...(slot === null ? [] : [`slot ${slot}`])].join(', ')}`;
}

function print(line: string): void {
  process.stdout.write(`${visibleText(line)}\n`);
}

function printJson(value: unknown): void {
  process.stdout.write(`${visibleJson(value)}\n`);
}
