import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { temporaryDirectory } from '@hermes/test-kit';
import { describe, expect, it } from 'vitest';
import { drainRequestPath } from '../marker/path.ts';
import { readDrainVerdict } from '../marker/read.ts';
import { drainRequestSchema } from '../marker/schema.pure.ts';
import { writeDrainRequest } from '../marker/write.ts';
import { commandLine } from '../testing/programs.ts';
import type { FileStep } from './steps.ts';

const TEMPORARY = /^\.\.drain_request\.json\.[0-9a-f]{16}\.tmp$/;

type When = 'before' | 'after';
type Seen = 'the old marker' | 'the new marker' | 'no marker';

/** What the next reader makes of a home whose writer was killed, and how many temporary files lie about. */
function dieAt(home: string, action: 'begin' | 'cancel', when: When, step: FileStep): { seen: Seen; left: number } {
  const [command = '', ...args] = commandLine('die-at-step', home, action, when, step);
  const { signal, stderr } = spawnSync(command, args, { encoding: 'utf8', timeout: 120_000 });
  expect([signal, stderr]).toEqual(['SIGKILL', '']);
  const left = readdirSync(home).filter((name) => !['.drain_request.json', '.drain_request.lock'].includes(name));
  for (const name of left) expect(name).toMatch(TEMPORARY);
  return { seen: see(home), left: left.length };
}

function see(home: string): Seen {
  const verdict = readDrainVerdict({ home });
  if (verdict.reason === 'absent') return 'no marker';
  expect(verdict).toMatchObject({ active: true, reason: 'current' });
  const marker = drainRequestSchema.parse(JSON.parse(readFileSync(drainRequestPath({ home }), 'utf8')));
  return marker.reason === 'old' ? 'the old marker' : 'the new marker';
}

const UP_TO_RENAME: [when: When, step: FileStep, left: number][] = [
  ['before', 'create', 0],
  ['after', 'create', 1],
  ['before', 'write', 1],
  ['after', 'write', 1],
  ['before', 'sync', 1],
  ['after', 'sync', 1],
  ['before', 'rename', 1],
];
const FROM_RENAME: [when: When, step: FileStep][] = [
  ['after', 'rename'],
  ['before', 'sync-directory'],
  ['after', 'sync-directory'],
];

describe('a writer that is killed', () => {
  it.each(UP_TO_RENAME)('%s the step %s leaves the old marker, and %d temporary files', async (when, step, left) => {
    const home = temporaryDirectory();
    await writeDrainRequest({ home, reason: 'old' });
    expect(dieAt(home, 'begin', when, step)).toEqual({ seen: 'the old marker', left });
  });

  it.each(FROM_RENAME)('%s the step %s leaves the new marker, and nothing else', async (when, step) => {
    const home = temporaryDirectory();
    await writeDrainRequest({ home, reason: 'old' });
    expect(dieAt(home, 'begin', when, step)).toEqual({ seen: 'the new marker', left: 0 });
  });

  it.each<[when: When, step: FileStep, seen: Seen]>([
    ['after', 'write', 'no marker'],
    ['before', 'link', 'no marker'],
    ['after', 'link', 'the new marker'],
    ['before', 'unlink', 'the new marker'],
    ['after', 'unlink', 'the new marker'],
    ['after', 'sync-directory', 'the new marker'],
  ])('%s the step %s of the first begin leaves %s', (when, step, seen) => {
    expect(dieAt(temporaryDirectory(), 'begin', when, step).seen).toBe(seen);
  });

  it('releases the lock: the next writer proceeds', async () => {
    const home = temporaryDirectory();
    dieAt(home, 'begin', 'after', 'link');
    await expect(writeDrainRequest({ home, reason: 'next' })).resolves.toMatchObject({ reason: 'next' });
  });
});

describe('a canceller that is killed', () => {
  it.each<[when: When, step: FileStep, seen: Seen]>([
    ['before', 'unlink', 'the old marker'],
    ['after', 'unlink', 'no marker'],
    ['before', 'sync-directory', 'no marker'],
    ['after', 'sync-directory', 'no marker'],
  ])('%s the step %s leaves %s', async (when, step, seen) => {
    const home = temporaryDirectory();
    await writeDrainRequest({ home, reason: 'old' });
    expect(dieAt(home, 'cancel', when, step)).toEqual({ seen, left: 0 });
  });
});
