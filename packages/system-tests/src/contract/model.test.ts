import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { currentInstantiationEpoch } from '@hermes/drain-contract';
import { memoryDirectory } from '@hermes/test-kit';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { amount } from '../amount.ts';
import { chooseSeed } from '../seed.ts';
import { Model } from './model.ts';
import { type Action, anyAction, type Obstacle } from './model-actions.ts';
import { Rig } from './model-rig.ts';
import { takeStep } from './model-steps.ts';

// HERMES_SEED=N plays a run again; with HERMES_PATH as fast-check prints it, only the failure and its shrinking.
const STEPS = amount('HERMES_STEPS', 6_000, 15_000);
const MAX_LENGTH = 100;
/** Of somewhat less than half the greatest length on average. */
const RUNS = Math.ceil((STEPS / MAX_LENGTH) * 2.2);
const OWN_EPOCH = currentInstantiationEpoch();
const isRoot = process.getuid?.() === 0;

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => void vi.useRealTimers());

test(`the channel does what a small model of it does, in about ${STEPS} random steps`, {
  timeout: 600_000,
}, async () => {
  const obstacles: Obstacle[] = ['directory', 'symlink', 'fifo'];
  if (isRoot) console.info('no marker that may not be read: we are root, who may read it');
  else obstacles.push('forbidden');
  const [seed, path] = [chooseSeed(), process.env.HERMES_PATH];
  const place = temporaryDirectory();
  const actions = fc.array(anyAction(OWN_EPOCH, obstacles), { maxLength: MAX_LENGTH, size: 'max' });
  let steps = 0;
  const property = fc.asyncProperty(actions, async (each) => {
    steps += each.length;
    await play(each, mkdtempSync(join(place, 'home-')), join(place, 'fifo'));
  });
  await fc.assert(property, { seed, numRuns: RUNS, ...(path ? { path } : {}) });
  console.info(`HERMES_SEED=${seed}: ${steps} steps in ${RUNS} runs`);
  if (!path) expect(steps).toBeGreaterThan(STEPS / 2);
});

async function play(actions: readonly Action[], home: string, fifo: string): Promise<void> {
  const start = Math.floor(performance.timeOrigin);
  vi.setSystemTime(start);
  const model = new Model(start, OWN_EPOCH);
  const rig = await Rig.start(home, fifo, OWN_EPOCH);
  const ids = new Set<unknown>();
  try {
    for (const [index, action] of actions.entries()) {
      const found = await rig.take(action, model);
      const told = `step ${index}, ${action.do}`;
      expect(found, told).toEqual(takeStep(model, action, found, ids));
      const [real, modelled] = [rig.look(model.epoch), lookAt(model)];
      if (!isDeepStrictEqual(real, modelled)) expect(real, told).toEqual(modelled);
    }
  } finally {
    await rig.close();
    rmSync(home, { recursive: true });
  }
}

function lookAt(model: Model) {
  return {
    verdict: model.verdict(),
    state: model.state,
    external: model.admits('external'),
    internal: model.admits('internal'),
    turns: model.turns,
    answered: model.answered,
    suppressed: model.suppressed,
    safe: model.safe,
  };
}

/** In memory where the machine allows it. */
function temporaryDirectory(): string {
  const directory = mkdtempSync(join(memoryDirectory(), 'hermes-model-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  execFileSync('mkfifo', [join(directory, 'fifo')]);
  return directory;
}
