import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PlatformId } from './platforms.ts';

/** What a test file says that it drives, with the versions that this machine has. */
export interface Driven {
  readonly platform: PlatformId;
  readonly driven: string;
  /** Names with versions, such as `podman 4.3.1`. */
  readonly versions: readonly string[];
  /** The operating system of the machine. */
  readonly system: string;
}

/** The last recorded run of a test file that drives a platform. */
export interface PlatformRecord extends Driven {
  /** From the root of the checkout. */
  readonly test: string;
  readonly passed: number;
  readonly failed: number;
  /** ISO date in UTC. */
  readonly date: string;
}

/** What became of the tests of a file. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export const CHECKOUT = fileURLToPath(new URL('../../../../', import.meta.url));
const DIRECTORY = join(CHECKOUT, 'packages/system-tests/platforms');

/** @returns why such a run is no record, or undefined. A part of the tests shows a part of what is claimed. */
export function notRecorded({ passed, failed, skipped }: Counts): string | undefined {
  if (skipped > 0) return `${skipped} of ${passed + failed + skipped} tests were skipped`;
  return passed + failed === 0 ? 'no test ran' : undefined;
}

/** Replaces the record of the same test file. */
export function writeRecord(record: PlatformRecord): void {
  const name = record.test.replace('packages/system-tests/src/', '').replace('.test.ts', '').replaceAll('/', '-');
  writeFileSync(join(DIRECTORY, `${name}.json`), `${JSON.stringify(record, null, 2)}\n`);
}

/** Every record, in the order of its test file. */
export function readRecords(): PlatformRecord[] {
  const names = globSync('*.json', { cwd: DIRECTORY }).sort();
  return names.map((name) => JSON.parse(readFileSync(join(DIRECTORY, name), 'utf8')));
}
