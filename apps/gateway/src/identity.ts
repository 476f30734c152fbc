import { becomeOwner, findProfile, resolveHome } from '@hermes/drain-contract';

/** As root, becomes the owner of the root home for good. @throws ContractError */
export function becomeOwnerOfHome(): void {
  becomeOwner(resolveHome());
}

/**
 * As root, becomes the owner of what the profile's gateway reads and runs: of the root home, or where that is root's own,
 * of the profile's home in it. @throws ContractError
 */
export function becomeOwnerOfProfile(profile: string): void {
  becomeOwnerOfHome();
  if (process.geteuid?.() === 0) becomeOwner(findProfile(profile).home);
}
