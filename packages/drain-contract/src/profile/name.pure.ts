/** The profile that lives in the home directory itself. */
export const DEFAULT_PROFILE = 'default';

/** A slot is called `gateway-NAME`; with at most this many characters its log fits into a file name, too. */
export const MAX_PROFILE_NAME_LENGTH = 251;

const PROFILE_NAME = /^[a-z0-9][a-z0-9_-]*$/;

/** Whether `name` may name a profile: it becomes a directory and a service, so the rules are strict. */
export function isProfileName(name: string): boolean {
  return name.length <= MAX_PROFILE_NAME_LENGTH && PROFILE_NAME.test(name);
}
