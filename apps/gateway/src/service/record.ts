import { execFile } from 'node:child_process';
import { findProfile, ServiceError, writeDesiredState } from '@hermes/drain-contract';
import { EXIT, StartupError } from '@hermes/service-kit';
import type { RecordDesired } from '@hermes/systemd';
import { becomeOwnerOfProfile } from '../identity.ts';

/** The process that writes: as root, it becomes the owner of the home first. @throws StartupError or ContractError */
export async function recordDesired(profile: string, desired: string): Promise<void> {
  if (desired !== 'running' && desired !== 'stopped')
    throw new StartupError(`expected running or stopped, found ${JSON.stringify(desired)}`);
  becomeOwnerOfProfile(profile);
  await writeDesiredState(desired, { home: findProfile(profile).home });
}

/** Records in another process, since this one needs the rights of root afterwards. */
export const recordInChild: RecordDesired = (profile, desired) => {
  const args = [...process.execArgv, process.argv[1] ?? '', 'service', 'record', profile, desired];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { timeout: 60_000 }, (error, _stdout, stderr) => {
      if (error === null) return resolve();
      const complaint = stderr.replace(/^hermes-gateway: /, '').trim() || error.message;
      const kind = error.code === EXIT.temporary ? 'timeout' : 'failed';
      reject(new ServiceError(kind, `gateway '${profile}' is left as it is: ${complaint}`));
    });
  });
};
