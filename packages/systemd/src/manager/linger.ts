import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';

/** Where logind has a file for each user whose manager also runs without a session. */
const LINGER = '/var/lib/systemd/linger';

/** Whether the manager of this user is started at boot, and outlives the last session. */
export function lingers(directory = LINGER): boolean {
  return existsSync(join(directory, userInfo().username));
}
