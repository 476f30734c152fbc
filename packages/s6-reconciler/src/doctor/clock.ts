import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { MAX_AHEAD_MS } from '@hermes/drain-contract';
import { type Finding, fault, fine, reasonOf, unknown } from './finding.ts';

/** Whether the clock is behind a file of the home. Ages of drain requests and heartbeats are wrong then. @param now Unix ms */
export function checkClock(home: string, now: number): Finding {
  let newest = { name: '', at: 0 };
  try {
    for (const name of readdirSync(home)) {
      const at = lstatSync(join(home, name), { throwIfNoEntry: false })?.mtimeMs ?? 0;
      if (at > newest.at) newest = { name, at };
    }
  } catch (error) {
    return unknown(`${home}: ${reasonOf(error)}`);
  }
  const clock = new Date(now).toISOString();
  if (newest.at <= now + MAX_AHEAD_MS) return fine(`${clock}, not before the files of the home`);
  const written = new Date(newest.at).toISOString();
  return fault(
    `the clock is at ${clock}, but ${newest.name} was written at ${written}`,
    'set the clock: timedatectl set-ntp true',
  );
}
