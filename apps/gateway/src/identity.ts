import { becomeOwner, findProfile, resolveHome } from '@hermes/drain-contract';

/** As root, switches to the owner of the root home for good. @throws ContractError */
export function becomeOwnerOfHome(): void {
  becomeOwner(resolveHome());
}

/**
 * As root, switches to the owner of the files that the profile's gateway reads and runs: the owner of the root home or,
 * if that is root, of the profile's home in it. @throws ContractError
 */
export function becomeOwnerOfProfile(profile: string): void {
  becomeOwnerOfHome();
  if (process.geteuid?.() === 0) becomeOwner(findProfile(profile).home);
}
