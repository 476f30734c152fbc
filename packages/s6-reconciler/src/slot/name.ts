import { isProfileName } from '@hermes/drain-contract';

const PREFIX = 'gateway-';

/** s6-svscan accepts service names of at most 251 characters by default. */
const MAX_SLOT_NAME_LENGTH = 251;

/** The longest name of a profile that can be supervised, shorter than the longest name of a profile. */
export const MAX_SUPERVISED_NAME_LENGTH = MAX_SLOT_NAME_LENGTH - PREFIX.length;

/** Whether the gateway of a profile of this name can be supervised. */
export function isSupervisedName(name: string): boolean {
  return isProfileName(name) && name.length <= MAX_SUPERVISED_NAME_LENGTH;
}

/** Name of the service directory of a profile's gateway: `gateway-NAME`. */
export function slotName(profile: string): string {
  return PREFIX + profile;
}

/** The profile whose gateway the service `name` runs; `undefined` if it is another kind of service. */
export function profileOfSlot(name: string): string | undefined {
  return name.startsWith(PREFIX) ? name.slice(PREFIX.length) : undefined;
}
