import { resolve } from 'node:path';
import { resolveHome } from '@hermes/drain-contract';
import { DEFAULT_COMMAND, DEFAULT_SCANDIR } from '../defaults.ts';
import type { User } from '../user.ts';
import { createSlot, type RegisterOptions, registerSlot } from './register.ts';
import type { SlotStatus } from './slot-status.ts';
import { listSlots, readSlotStatus } from './status.ts';
import { StatusCache } from './status-cache.ts';
import type { Supervision } from './supervision.ts';
import { unregisterSlot } from './unregister.ts';
import { restartSlot, startSlot, stopSlot } from './up-down.ts';

/** Where the gateways are, and who runs them. */
export interface ServiceManagerOptions {
  /** The root home. Default: `$HERMES_HOME`, else `~/.hermes`. */
  readonly home?: string | undefined;
  /** Default: {@link DEFAULT_SCANDIR}. */
  readonly scandir?: string | undefined;
  /** Default: {@link DEFAULT_COMMAND}. */
  readonly command?: string | undefined;
  /** Under a root supervisor, the user that gateways drop to. Only for a root process that does one thing at a time. */
  readonly user?: User | undefined;
  /** How long a gateway may take until it is ready, in ms. */
  readonly startTimeoutMs?: number | undefined;
}

/**
 * Registers, starts and stops the gateways of a home under s6. Every method waits, within a bound, until what it was
 * asked for is so, and fails with an S6Error only. What the operator wants is remembered in the profile's desired state file.
 */
export interface ServiceManager {
  /** Makes the slot of a profile and waits until it is supervised; started, unless told otherwise, also until it is ready. */
  register(profile: string, options?: RegisterOptions): Promise<SlotStatus>;
  /** Makes the slot of a profile, down, for an s6-svscan to find; none need run. */
  create(profile: string): Promise<SlotStatus>;
  /** Stops the gateway, waits until nothing supervises it any more, and removes the slot. The profile stays. */
  unregister(profile: string): Promise<void>;
  /** Starts the gateway and waits until it is ready. */
  start(profile: string): Promise<SlotStatus>;
  /** Stops the gateway, which lets its turns finish within its grace, and waits until it is down. */
  stop(profile: string): Promise<SlotStatus>;
  /** Stops and starts it. */
  restart(profile: string): Promise<SlotStatus>;
  status(profile: string): Promise<SlotStatus>;
  /** Every slot in the scan directory, by name. */
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

/** Touches nothing yet. */
export function createServiceManager(options: ServiceManagerOptions = {}): ServiceManager {
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
