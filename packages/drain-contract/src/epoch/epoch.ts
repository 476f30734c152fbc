import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { formatEpoch, parseKernBoottime, parseStartTime } from './parse.pure.ts';

/** Where the two halves of an epoch are read. */
export interface EpochSources {
  readonly bootId: string;
  readonly initStat: string;
}

const LINUX_SOURCES: EpochSources = { bootId: '/proc/sys/kernel/random/boot_id', initStat: '/proc/1/stat' };

let memoised: string | undefined;

/**
 * Identity of this boot of this container or machine: `<boot_id>:<start time of PID 1>`, or `''` when unknown.
 * A `docker restart` changes it, a respawn of the gateway alone does not. Constant for the life of the process.
 */
export function currentInstantiationEpoch(): string {
  memoised ??= process.platform === 'darwin' ? readDarwinEpoch() : readLinuxEpoch(LINUX_SOURCES);
  return memoised;
}

/** The current epoch from `sources`. A source that cannot be read leaves its half empty. */
export function readLinuxEpoch(sources: EpochSources): string {
  return formatEpoch(readText(sources.bootId).trim(), parseStartTime(readText(sources.initStat)));
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function readDarwinEpoch(): string {
  try {
    const output = execFileSync('/usr/sbin/sysctl', ['-n', 'kern.boottime'], { encoding: 'utf8', timeout: 2_000 });
    return formatEpoch(parseKernBoottime(output), '');
  } catch {
    return '';
  }
}
