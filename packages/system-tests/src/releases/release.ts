import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type * as contract from '@hermes/drain-contract';
import type { Tarballs } from './installed.ts';

/** Where the recordings are; its README.md says what they are. */
export const GOLDEN = fileURLToPath(new URL('../../golden/', import.meta.url));

/** Below the recording of the last release. */
export const TARBALLS = 'tarballs';

/** The library of today, or of another version: its types are those of today. */
export type Contract = typeof contract;

/** What a marker meant to the readers of the version that wrote it. */
export interface MarkerMeaning {
  readonly epoch: string;
  readonly verdict: contract.DrainVerdict;
}

/** What a state meant. */
export interface StateMeaning {
  readonly live: boolean;
  readonly view: contract.GatewayStateView;
  /** Whether the gateway may be stopped, if this marker is the one in force. */
  readonly safe_to_stop: Readonly<Record<string, boolean>>;
}

/** What each file meant, by its name, at the instant when it was recorded (Unix ms). */
export interface Meanings {
  readonly markers: Readonly<Record<string, MarkerMeaning & Recorded>>;
  readonly states: Readonly<Record<string, StateMeaning & Recorded>>;
  readonly intents: Readonly<Record<string, Recorded & { readonly intent: contract.DesiredState | null }>>;
}

export interface Recorded {
  readonly now: number;
}

/** A released version: what its programs wrote, what that meant to them, and its library. */
export interface Release {
  readonly name: string;
  readonly directory: string;
  readonly meanings: Meanings;
  readonly contract: Contract;
}

/** Every release that has been recorded. */
export async function recordedReleases(): Promise<Release[]> {
  const names = readdirSync(GOLDEN).filter((name) => name.startsWith('v'));
  return Promise.all(names.map(loadRelease));
}

/** Where the newest release is recorded. */
export function lastRelease(): string {
  const names = readdirSync(GOLDEN).filter((name) => name.startsWith('v'));
  const [last] = names.sort((a, b) => b.localeCompare(a, 'en', { numeric: true }));
  if (last === undefined) throw new Error(`no release is recorded in ${GOLDEN}`);
  return join(GOLDEN, last);
}

/** The tarballs of its commands, as they were published. */
export function tarballsOf(release: string): Tarballs {
  return tarballsIn(join(release, TARBALLS));
}

/** The tarballs of the commands in a directory. */
export function tarballsIn(directory: string): Tarballs {
  const files = readdirSync(directory);
  const fileOf = (name: string): string =>
    join(directory, files.find((file) => file.startsWith(`hermes-${name}-`)) ?? name);
  return {
    gateway: fileOf('gateway'),
    dashboard: fileOf('dashboard'),
    drainctl: fileOf('drainctl'),
    's6-reconciler': fileOf('s6-reconciler'),
  };
}

async function loadRelease(name: string): Promise<Release> {
  const directory = join(GOLDEN, name);
  return {
    name,
    directory,
    meanings: JSON.parse(readFileSync(join(directory, 'meanings.json'), 'utf8')),
    contract: await import(pathToFileURL(join(directory, 'drain-contract.js')).href),
  };
}
