import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';

/** What something was run on and with. */
export interface Surroundings {
  readonly commit: string;
  readonly node: string;
  readonly s6: string;
  readonly kernel: string;
  readonly system: string;
  readonly processor: string;
  readonly cores: number;
  readonly memory_gb: number;
}

/** What this machine is and runs. What it does not tell is `unknown`. */
export function surroundingsHere(): Surroundings {
  return {
    commit: printed('git', 'describe', '--always', '--dirty', '--exclude', '*'),
    node: process.version,
    s6: printed('dpkg-query', '-W', 's6').split('\t').at(-1) ?? 'unknown',
    kernel: release(),
    system: /^PRETTY_NAME="(.*)"$/m.exec(read('/etc/os-release'))?.[1] ?? 'unknown',
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memory_gb: Math.round(totalmem() / 2 ** 30),
  };
}

function printed(command: string, ...words: string[]): string {
  try {
    return execFileSync(command, words, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 10_000,
    }).trim();
  } catch {
    return 'unknown';
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
