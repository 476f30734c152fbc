import { statSync } from 'node:fs';
import { resolveHome } from '@hermes/drain-contract';

/**
 * Root in a home of somebody else becomes that user for good: what root made there, its owner could not use, and what
 * root followed there, its owner could have planted. Nothing to do for anybody else.
 */
export function becomeOwner(): void {
  const { geteuid, setgroups, setgid, setuid } = process;
  if (geteuid?.() !== 0 || !setgroups || !setgid || !setuid) return;
  const owner = statSync(resolveHome(), { throwIfNoEntry: false });
  if (owner === undefined || owner.uid === 0) return;
  setgroups([owner.gid]);
  setgid(owner.gid);
  setuid(owner.uid);
}
