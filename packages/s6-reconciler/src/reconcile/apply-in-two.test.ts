import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { memoryDirectory, temporaryDirectory } from '@hermes/test-kit';
import { describe, expect, it } from 'vitest';
import { StagingArea } from '../slot/staging-area.ts';
import { applySteps } from './apply.ts';
import { applyInTwo, type Share } from './apply-in-two.ts';
import type { PublishStep } from './plan.pure.ts';

/** More than one thread carries out while the other one starts. */
const SLOTS = 230;

/** The last but one cannot be made, since its name is a path. */
const steps = Array.from({ length: SLOTS }, (_, index): PublishStep => {
  const profile = index === SLOTS - 2 ? 'nowhere/p' : `p${index}`;
  return {
    action: index % 2 ? 'started' : 'registered',
    profile,
    priorState: undefined,
    priorExit: undefined,
    desired: undefined,
    reason: 'no state known',
    slot: `gateway-${profile}`,
    replaces: false,
    recordsDesired: false,
    definition: {
      profile,
      rootHome: '/home',
      profileHome: `/home/profiles/${profile}`,
      command: 'hermes-gateway',
      user: undefined,
      stopSeconds: 30,
    },
  };
});

/** Every path in a scan directory, and what the run script and the log's say there. */
function contents(scandir: string) {
  const names = readdirSync(scandir, { recursive: true, encoding: 'utf8' }).sort();
  const slots = names.filter((name) => name.startsWith('gateway-'));
  return slots.map((name) => (name.endsWith('/run') ? `${name}: ${readFileSync(join(scandir, name), 'utf8')}` : name));
}

const summaryOf = (done: readonly { action: string; profile: string }[]) =>
  done.map(({ action, profile }) => `${profile} ${action}`);

describe('steps carried out on two threads', () => {
  it.each([
    ['make what one thread makes, reported in the same order', undefined],
    ['are carried out by one where the other cannot start', new URL('file:///nowhere/thread.js')],
  ])('%s', async (_, program) => {
    const [alone, shared] = [temporaryDirectory(memoryDirectory()), temporaryDirectory(memoryDirectory())];
    using area = await StagingArea.open(alone);
    using other = await StagingArea.open(shared);
    const done = await applyInTwo(steps, other, undefined, program);
    expect(summaryOf(done)).toEqual(summaryOf(applySteps(steps, area, undefined)));
    expect(done.at(-2)).toMatchObject({ action: 'skipped', reason: expect.stringContaining('cannot make its slot') });
    expect(contents(shared)).toEqual(contents(alone));
    expect(readdirSync(join(shared, '.hermes-s6/new'))).toEqual([]);
  });

  it.each([
    ['as it is written', './apply-thread.ts'],
    ['as it is bundled', '../../dist/apply-thread.cjs'],
  ])('are carried out by the program of the second thread, %s', async (_, program) => {
    const scandir = temporaryDirectory(memoryDirectory());
    using _area = await StagingArea.open(scandir);
    const workerData: Share = { steps: steps.slice(0, 2), scandir, user: undefined };
    const thread = new Worker(new URL(program, import.meta.url), { workerData });
    // Both may come in one turn of the event loop.
    const ended = once(thread, 'exit');
    const [done] = await once(thread, 'message');
    await ended;
    expect(done).toEqual(steps.slice(0, 2));
    expect(contents(scandir)).toEqual(expect.arrayContaining(['gateway-p0', 'gateway-p1']));
  });

  it('fail as a whole when their FIFOs cannot be made, and publish nothing', async () => {
    const scandir = temporaryDirectory(memoryDirectory());
    const { PATH } = process.env;
    process.env['PATH'] = '/nowhere';
    try {
      using area = await StagingArea.open(scandir);
      await expect(applyInTwo(steps, area, undefined)).rejects.toThrow(/mkfifo could not make/);
    } finally {
      process.env['PATH'] = PATH;
    }
    expect(contents(scandir)).toEqual([]);
  });
});
