import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { resolveHome } from '@hermes/drain-contract';
import { createServiceManager, DEFAULT_SCANDIR, isSupervising, type SlotStatus, slotName } from '@hermes/s6-reconciler';
import { StartupError } from '@hermes/service-kit';

/** The supervisor of this machine's gateways, as far as profiles come and go. */
export interface Supervision {
  /** Makes a slot for the profile and starts its gateway. @throws StartupError. */
  register(profile: string): Promise<SlotStatus>;
  /** Stops the gateway and removes its slot, if there is one. @throws StartupError. */
  unregister(profile: string): Promise<void>;
  list(): Promise<ReadonlyMap<string, SlotStatus>>;
}

/** The supervisor that runs here, for the profiles of the root home; `undefined` if none does. */
export function findSupervision(environment: NodeJS.ProcessEnv): Supervision | undefined {
  const scandir = environment.S6_PROFILE_GATEWAY_SCANDIR || DEFAULT_SCANDIR;
  if (!isSupervising(scandir)) return undefined;
  const manager = createServiceManager({ home: resolveHome(), scandir });
  return {
    register: (profile) => told(manager.register(profile)),
    unregister: async (profile) => {
      if (existsSync(join(scandir, slotName(profile)))) await told(manager.unregister(profile));
    },
    list: async () => new Map((await told(manager.list())).map((slot) => [slot.profile, slot])),
  };
}

/** Its errors are for people, like those of a start. */
async function told<T>(task: Promise<T>): Promise<T> {
  try {
    return await task;
  } catch (error) {
    throw new StartupError((error as Error).message, { cause: error });
  }
}
