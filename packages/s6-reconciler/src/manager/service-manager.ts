import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { type RegisterOptions, resolveHome, type ServiceManager } from '@hermes/drain-contract';
import { DEFAULT_COMMAND, DEFAULT_SCANDIR } from '../defaults.ts';
import type { User } from '../user.ts';
import { createSlot, registerSlot } from './register.ts';
import type { SlotStatus } from './slot-status.ts';
import { listSlots, readSlotStatus } from './status.ts';
import { StatusCache } from './status-cache.ts';
import type { Supervision } from './supervision.ts';
import { unregisterSlot } from './unregister.ts';
import { restartSlot, startSlot, stopSlot } from './up-down.ts';

/** The location and the user of the gateways. */
export interface ServiceManagerOptions {
  /** The root home. Default: `$HERMES_HOME`, else `~/.hermes`. */
  readonly home?: string | undefined;
  /** Default: {@link DEFAULT_SCANDIR}. */
  readonly scandir?: string | undefined;
  /** Default: {@link DEFAULT_COMMAND}. */
  readonly command?: string | undefined;
  /** Under a root supervisor, the user that gateways drop to. Only for a root process that does one thing at a time. */
  readonly user?: User | undefined;
  /** Timeout for a gateway to become ready, in ms. */
  readonly startTimeoutMs?: number | undefined;
}

/** The service manager of gateways under s6, whose services are slots. */
export interface SlotManager extends ServiceManager {
  /** Makes the slot of a profile, down, for an s6-svscan to find; none need run. */
  create(profile: string): Promise<SlotStatus>;
  register(profile: string, options?: RegisterOptions): Promise<SlotStatus>;
  start(profile: string): Promise<SlotStatus>;
  stop(profile: string): Promise<SlotStatus>;
  restart(profile: string): Promise<SlotStatus>;
  status(profile: string): Promise<SlotStatus>;
  list(): Promise<SlotStatus[]>;
}

/** The options with every default filled in. */
export function settle(options: ServiceManagerOptions): Supervision {
  return {
    home: resolveHome(options),
    scandir: resolve(options.scandir ?? DEFAULT_SCANDIR),
    command: options.command ?? DEFAULT_COMMAND,
    user: options.user,
    startTimeoutMs: options.startTimeoutMs ?? 30_000,
  };
}

/** Changes nothing yet. */
export function createServiceManager(options: ServiceManagerOptions = {}): SlotManager {
  const supervision = settle(options);
  const cache = new StatusCache();
  return {
    register: (profile, how) => registerSlot(supervision, profile, how),
    create: (profile) => createSlot(supervision, profile),
    unregister: (profile) => unregisterSlot(supervision, profile),
    start: (profile) => startSlot(supervision, profile),
    stop: (profile) => stopSlot(supervision, profile),
    restart: (profile) => restartSlot(supervision, profile),
    status: (profile) => readSlotStatus(supervision, profile),
    list: () => listSlots(supervision, cache),
  };
}

/**
 * The service manager of this machine; `undefined` where gateways are not supervised: no scan directory was named, and
 * the usual one is not there.
 */
export function findServiceManager(options: ServiceManagerOptions): ServiceManager | undefined {
  if (options.scandir === undefined && !existsSync(DEFAULT_SCANDIR)) return undefined;
  return createServiceManager(options);
}
