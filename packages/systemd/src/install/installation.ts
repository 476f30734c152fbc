import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ServiceError } from '@hermes/drain-contract';
import { BOOTED } from '../manager/find.ts';
import { runCommand, systemctl, systemctlError } from '../systemctl.ts';
import { DASHBOARD_UNIT, type Scope, type UnitDefinition } from '../unit/definition.ts';
import { type InstallParts, installedFiles, SYSUSERS } from '../unit/files.ts';
import {
  type InstallAction,
  type Plan,
  type PlannedFile,
  planInstall,
  planRemoval,
  type RemoveAction,
} from './plan.ts';

export interface InstallationOptions {
  /** The directory that is the root of the machine to install on. Default: `/`. */
  readonly root?: string | undefined;
  /** Whether files that a person has changed are replaced or removed. */
  readonly force: boolean;
}

/** Every pattern of our units. */
const ALL_UNITS = ['hermes-gateway@*.service', DASHBOARD_UNIT];

/** What an installation would write. @throws ServiceError when a file was changed by hand, or cannot be read. */
export function planInstallation(
  definition: UnitDefinition,
  parts: InstallParts,
  { root = '/', force }: InstallationOptions,
): PlannedFile<InstallAction>[] {
  const wanted = definable(() => installedFiles(definition, parts));
  const found = wanted.map(({ path, text }) => ({ path, wanted: text, found: read(join(root, path)) }));
  return filesOf(planInstall(found, force), 'replace');
}

/** What a removal would remove. @throws ServiceError when a file was changed by hand, or cannot be read. */
export function planUninstallation(
  definition: UnitDefinition,
  { root = '/', force }: InstallationOptions,
): PlannedFile<RemoveAction>[] {
  const installed = installedFiles(definition, { dashboard: true, isolation: true });
  const found = installed.map(({ path, text }) => ({ path, wanted: text, found: read(join(root, path)) }));
  return filesOf(planRemoval(found, force), 'remove');
}

/** Writes what differs, makes the user, and has systemd read the units. Idempotent. @throws ServiceError. */
export async function install(scope: Scope, files: readonly PlannedFile<InstallAction>[], root = '/'): Promise<void> {
  for (const { path, text } of files.filter(({ action }) => action !== 'keep')) write(join(root, path), text);
  const sysusers = files.find(({ path }) => path === SYSUSERS);
  if (sysusers !== undefined) await makeUser(root);
  await reload(scope, root);
}

/** Stops and disables what runs, and removes the files. Homes and the user stay. @throws ServiceError. */
export async function uninstall(scope: Scope, files: readonly PlannedFile<RemoveAction>[], root = '/'): Promise<void> {
  if (isRunning(root)) await stopAll(scope);
  for (const { path } of files.filter(({ action }) => action === 'remove')) remove(join(root, path));
  await reload(scope, root);
}

async function stopAll(scope: Scope): Promise<void> {
  const units = await installedInstances(scope);
  if (units.length === 0) return;
  const disabled = await systemctl(scope, ['disable', '--quiet', '--', ...units]);
  if (disabled.code !== 0) throw systemctlError('disable the gateways', disabled);
  // A gateway gives its turns as much time as it is configured to: systemd, not this command, knows the limit.
  const stopped = await systemctl(scope, ['stop', '--', ...units], MAX_STOP_MS);
  if (stopped.code !== 0) throw systemctlError('stop the gateways', stopped);
  await systemctl(scope, ['reset-failed', '--', ...units]);
}

const MAX_STOP_MS = 3_700_000;

/** The units that run, have failed, or are started at boot. */
async function installedInstances(scope: Scope): Promise<string[]> {
  const loaded = await systemctl(scope, ['list-units', '--all', '--plain', '--no-legend', ...ALL_UNITS]);
  if (loaded.code !== 0) throw systemctlError('list the gateways', loaded);
  const files = await systemctl(scope, ['list-unit-files', '--no-legend', '--state=enabled', ...ALL_UNITS]);
  const names = `${loaded.stdout}\n${files.stdout}`.split('\n').map((line) => line.trim().split(/\s+/)[0] ?? '');
  return [...new Set(names.filter((name) => /^hermes-.+\.service$/.test(name) && !name.includes('@.')))];
}

async function makeUser(root: string): Promise<void> {
  const flags = root === '/' ? [] : [`--root=${root}`];
  const result = await runCommand('systemd-sysusers', [...flags, basename(SYSUSERS)]);
  if (result.code !== 0) throw new ServiceError('failed', `the user cannot be made: ${result.stderr.trim()}`);
}

/** There is nothing to reload in an image that is built, or on a machine that systemd did not boot. */
async function reload(scope: Scope, root: string): Promise<void> {
  if (!isRunning(root)) return;
  const result = await systemctl(scope, ['daemon-reload']);
  if (result.code !== 0) throw systemctlError('have systemd read the units', result);
}

function isRunning(root: string): boolean {
  return root === '/' && existsSync(BOOTED);
}

function filesOf<Action>(plan: Plan<Action>, what: string): PlannedFile<Action>[] {
  if ('files' in plan) return [...plan.files];
  throw new ServiceError(
    'misconfigured',
    `${plan.changedByHand.join(', ')}: changed by hand, nothing was done; keep changes in a drop-in (systemctl edit), or ${what} with --force`,
  );
}

/** A path that a unit cannot contain. */
function definable<T>(task: () => T): T {
  try {
    return task();
  } catch (error) {
    throw new ServiceError('invalid_argument', (error as Error).message, { cause: error });
  }
}

function read(path: string): string | undefined {
  return attempt('read', path, () => (existsSync(path) ? readFileSync(path, 'utf8') : undefined));
}

function write(path: string, text: string): void {
  attempt('write', path, () => {
    mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
    // Whole or not at all. Only the owner of the units writes there, so the name may be guessed.
    const staged = `${path}.${process.pid}.new`;
    writeFileSync(staged, text, { mode: 0o644, flush: true });
    renameSync(staged, path);
  });
}

function remove(path: string): void {
  attempt('remove', path, () => {
    rmSync(path, { force: true });
    // That of a drop-in; drop-ins of people stay.
    const directory = dirname(path);
    if (directory.endsWith('.service.d') && readdirSync(directory).length === 0) rmdirSync(directory);
  });
}

function attempt<T>(verb: string, path: string, task: () => T): T {
  try {
    return task();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    const kind = code === 'EACCES' || code === 'EPERM' ? 'not_permitted' : 'failed';
    const cure = kind === 'not_permitted' ? '; run this as root, or with --user' : '';
    throw new ServiceError(kind, `cannot ${verb} ${path} (${code})${cure}`, { cause: error });
  }
}
