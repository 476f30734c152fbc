import { lacking, runs } from '@hermes/test-kit';
import { expect, test } from 'vitest';
import { amount } from '../../amount.ts';
import { chooseSeed } from '../../seed.ts';
import { canMoveClock } from './movable-clock.ts';
import { planRounds } from './plan.ts';
import { describeViolations, summaryOf, titleOf } from './report.ts';
import { playRound } from './round.ts';
import { canMount } from './volume.ts';

const MINUTES = amount('HERMES_TORTURE_MINUTES', 0.4, 2);

/** Against hanging: what comes after the faults of a round takes long only when something is broken. */
const SETTLE_MS = 400_000;

const means = {
  smallDisk: !lacking('root, to fill a disk: no full disk in the torture', canMount),
  movableClock: !lacking('the Debian package faketime: no jumps of the clock in the torture', canMoveClock),
};
const chosen = process.env.HERMES_TORTURE_FAULTS;
const settings = {
  seed: chooseSeed(),
  totalMs: MINUTES * 60_000,
  faults: chosen ? new Set(chosen.split(',')) : undefined,
};

const canObserve = process.platform === 'linux' && runs('bash', '-c', '[ -n "$EPOCHREALTIME" ]');

test.skipIf(lacking('Linux and bash 5, to observe agents', canObserve)).for(planRounds(settings, means))(
  'no promise is broken under faults, seed $options.seed (replay $options.replay, on_drain $options.onDrain)',
  { timeout: settings.totalMs + SETTLE_MS },
  async (plan) => {
    const result = await playRound(plan);
    console.info(summaryOf(result));
    if (result.violations.length > 0) console.info(describeViolations(result));
    expect(result.violations.map(titleOf)).toEqual([]);
    expect(result.history.requests.length).toBeGreaterThan(0);
  },
);
