import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { listProfiles, profileHome, readGatewayState, ServiceError } from '@hermes/drain-contract';
import { errnoOf } from '../errors.ts';
import { pasteable } from '../manager/paste.ts';
import { readSlotStatus } from '../manager/status.ts';
import type { Supervision } from '../manager/supervision.ts';
import { readScandir } from '../reconcile/read-scandir.ts';
import { claimedStopSeconds, DEFAULT_STOP_SECONDS, MAX_STOP_SECONDS } from '../reconcile/stop-seconds.ts';
import { runTool } from '../s6/tools.ts';
import { slotName } from '../slot/name.ts';
import { asUser, requireAccess } from '../user.ts';
import type { Check } from './check.ts';
import { unknown } from './finding.ts';
import { examineHomes } from './homes.ts';
import { examineMounts } from './mounts.ts';
import { type AddressOverrides, checkPorts } from './ports.ts';
import { readPorts } from './read-ports.ts';
import { readSeconds, readServiceTimers } from './service-timers.ts';
import { checkTimers } from './timers.ts';

/** The inputs of the checks besides the slots. */
export interface DoctorOptions {
  /** How many services s6-svscan supervises at most. */
  readonly maxServices: number;
  /** The service directory around all gateways, if there is one. */
  readonly service: string;
  /** The container's stop grace period in seconds, if known. */
  readonly stopGrace: number | undefined;
  readonly overrides: AddressOverrides;
}

/** Checks the start-up and graceful-shutdown configuration. Changes nothing. */
export async function examine(supervision: Supervision, options: DoctorOptions): Promise<Check[]> {
  const machine = [await checkTools(), ...checkScandir(supervision, options), checkHome(supervision)];
  const { home, user } = supervision;
  const profiles = asUser(user, () => listProfiles({ home }));
  const mounts = examineMounts(supervision, profiles);
  const homes = examineHomes(supervision, profiles);
  const ports = await examinePorts(supervision, options);
  const slots = await Promise.all(profiles.map(({ name }) => examineProfile(supervision, name, options)));
  const ofProfiles = profiles.flatMap(({ name }, index) => [
    ...(homes.get(name) ?? []),
    ...ports.filter(({ profile }) => profile === name),
    ...(slots[index] ?? []),
  ]);
  return [...machine, ...mounts, ...ports.filter(({ profile }) => profile === null), ...ofProfiles];
}

async function examinePorts(supervision: Supervision, { overrides }: DoctorOptions): Promise<Check[]> {
  const ports = await readPorts(supervision);
  if (typeof ports !== 'string') return checkPorts(ports, overrides);
  const cure = 'name the program of the gateways with --command';
  return [{ profile: null, check: 'ports', ...unknown(ports, cure) }];
}

async function checkTools(): Promise<Check> {
  const about = { profile: null, check: 's6' };
  try {
    await runTool('s6-svok', ['/']);
    return { ...about, ok: true, found: 'installed', cure: null };
  } catch (error) {
    return { ...about, ok: false, found: (error as Error).message, cure: 'apt-get install s6, or use s6-overlay' };
  }
}

function checkScandir(supervision: Supervision, { maxServices }: DoctorOptions): Check[] {
  const { home, scandir } = supervision;
  const about = { profile: null, check: 'scan directory' };
  try {
    const { scanned, slots, others } = readScandir(scandir, home);
    const services = slots.size + others;
    return [
      scanned
        ? { ...about, ok: true, found: `${scandir} is watched`, cure: null }
        : { ...about, ok: false, found: `no s6-svscan watches ${scandir}`, cure: `s6-svscan ${scandir}` },
      {
        profile: null,
        check: 'room',
        ok: services < maxServices,
        found: `${services} of at most ${maxServices} services`,
        cure:
          services < maxServices
            ? null
            : 's6-svscan -c (s6 2.15: -C, twice the number) with a larger number, and HERMES_MAX_GATEWAYS the same',
      },
      checkStagingArea(supervision),
    ];
  } catch (error) {
    return [{ ...about, ok: false, found: (error as Error).message, cure: 'name another with --scandir' }];
  }
}

function checkStagingArea(supervision: Supervision): Check {
  const { scandir } = supervision;
  const about = { profile: null, check: 'interrupted commands' };
  let left: string[];
  try {
    left = ['new', 'old'].flatMap((name) => namesIn(join(scandir, '.hermes-s6', name)));
  } catch (error) {
    const found = `cannot be looked at: ${scandir}/.hermes-s6: ${errnoOf(error)}`;
    return { ...about, ok: null, found, cure: 'run this as its owner, or as root' };
  }
  if (left.length === 0) return { ...about, ok: true, found: 'none', cure: null };
  return { ...about, ok: false, found: `${left.join(', ')} half done`, cure: pasteable(supervision, 'reconcile') };
}

/** None where there is no such directory. @throws the error of the system where that cannot be seen. */
function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return [];
    throw error;
  }
}

function checkHome({ home, user }: Supervision): Check {
  const about = { profile: null, check: 'home' };
  try {
    asUser(user, () => requireAccess(home, 'rwx'));
    return { ...about, ok: true, found: `${home} can be written`, cure: null };
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === undefined) return { ...about, ...unknown((error as Error).message) };
    const who = user === undefined ? 'this user' : `uid ${user.uid}`;
    return { ...about, ok: false, found: `${home}: ${errno} for ${who}`, cure: `give ${who} the directory` };
  }
}

async function examineProfile(supervision: Supervision, profile: string, options: DoctorOptions): Promise<Check[]> {
  const about = { profile, check: 'slot' };
  try {
    const { state, supervised, exit_code: code } = await readSlotStatus(supervision, profile);
    const bad = !supervised || state === 'failed';
    const paste = (name: string) => pasteable(supervision, name, profile);
    const cure = state === 'failed' ? `see its log, then ${paste('start')}` : paste('register');
    const found =
      state === 'failed' ? `${state}, exit status ${code ?? 'unknown'}` : supervised ? state : 'not supervised';
    return [{ ...about, ok: !bad, found, cure: bad ? cure : null }, ...examineTimers(supervision, profile, options)];
  } catch (error) {
    const missing = error instanceof ServiceError && error.kind === 'not_registered';
    const found = missing ? 'none' : (error as Error).message;
    return [{ ...about, ok: false, found, cure: pasteable(supervision, 'register', profile) }];
  }
}

const SHORTER_GRACE = `a shorter restart_drain_timeout in config.yaml: a slot gives a stop ${MAX_STOP_SECONDS} s at most`;

function examineTimers(supervision: Supervision, profile: string, options: DoctorOptions): Check[] {
  const { home, user, scandir } = supervision;
  const own = profileHome(profile, { home });
  const state = asUser(user, () => readGatewayState({ home: own }));
  const stop = claimedStopSeconds(state) ?? DEFAULT_STOP_SECONDS;
  const checks = checkTimers(
    {
      turn: state?.turn_timeout ?? undefined,
      grace: state?.restart_drain_timeout ?? stop,
      stop,
      slotKill: readSeconds(join(scandir, slotName(profile)), 'timeout-kill'),
      service: readServiceTimers(options.service),
      container: options.stopGrace,
    },
    pasteable(supervision, 'reconcile'),
  );
  return checks.map(({ timer, seconds, needed, ok, cure }) => {
    const found = `${seconds === null ? 'not known' : `${seconds} s`}, needs ${needed} s`;
    const isTooLong = timer === 'slot timeout-kill' && ok === false && stop > MAX_STOP_SECONDS;
    return { profile, check: timer, ok, found, cure: isTooLong ? SHORTER_GRACE : cure };
  });
}
