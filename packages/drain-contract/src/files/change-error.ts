import { type ContractError, fileError, mountPointError } from '../errors.ts';
import { isMountPoint } from '../mounts/look.ts';

/**
 * As {@link fileError}, for a file that was to be replaced, moved or removed. The kernel calls it busy if something is
 * mounted over it, which is not temporary.
 */
export function changeError(action: string, path: string, cause: unknown): ContractError {
  const isBusy = (cause as NodeJS.ErrnoException).code === 'EBUSY';
  return isBusy && isMountPoint(path) ? mountPointError(action, path, cause) : fileError(action, path, cause);
}
