import { setTimeout as delay } from 'node:timers/promises';
import { formatIsoDateTime } from '@hermes/drain-contract';
import { Testbed } from '../../live/testbed.ts';
import type { Bench, Comparison, Series } from '../measurement.ts';
import { type Contender, inTurn } from '../rounds.ts';
import { Observer } from './observe/observer.ts';
import { Responder } from './observe/responder.ts';

/** What a contender has yet to do after it has answered must not be counted to the next change. */
const PACE_MS = 5;

export const observe: Bench = {
  name: 'observe',
  measures: 'From the moment the marker is there, or gone, until the state file of a gateway says so.',
  baseline:
    'a bare Node process that watches the directory and renames a small file into place; for scale, one that syncs its file before as a gateway does, and one that looks once a second.',
  async *run({ rounds, quick, tell }) {
    const marker = markerOfNow();
    await using testbed = await Testbed.start({ dashboard: false });
    await using bare = await Responder.start('watch');
    await using syncing = await Responder.start('watch, synced');
    await using poller = await Responder.start('poll');
    using seesGateway = new Observer(testbed.home, marker);
    using seesBare = new Observer(bare.home, marker);
    using seesSyncing = new Observer(syncing.home, marker);
    using seesPoller = new Observer(poller.home, marker);

    const count = quick ? 50 : 200;
    const steady = () => PACE_MS;
    const gateway = contender('gateway', seesGateway, count, steady);
    const [ours, watched, synced] = await inTurn(
      [gateway, contender('fs.watch', seesBare, count, steady), contender('with fsync', seesSyncing, count, steady)],
      { rounds },
    );
    yield* comparisons('published', 'median', ours, watched, { atMost: 3 });
    yield* comparisons('published', 'p99', ours, watched, { atMost: 5 });
    yield* comparisons('published, both durably', 'median', ours, synced);

    tell('one that looks once a second');
    // Not in step with its looks.
    const unsteady = () => Math.random() * 1_000;
    const slow = contender('every second', seesPoller, quick ? 3 : 10, unsteady);
    const [quickly, slowly] = await inTurn([gateway, slow], { rounds: 1, warmUp: 0 });
    yield* comparisons('published, next to a poll', 'median', quickly, slowly);
  },
};

/** Samples of a begin and of a cancel take turns. */
function contender(name: string, observer: Observer, count: number, pace: () => number): Contender {
  return {
    name,
    async round() {
      const samples: number[] = [];
      for (let change = 0; change < count; change += 1) {
        await delay(pace());
        samples.push(await observer.begin());
        await delay(pace());
        samples.push(await observer.cancel());
      }
      return samples;
    },
  };
}

function comparisons(
  what: string,
  statistic: Comparison['statistic'],
  ours: Series,
  baseline: Series,
  target?: Comparison['target'],
): Comparison[] {
  return ['begin', 'cancel'].map((change, turn) => {
    const only = ({ name, rounds }: Series) => ({
      name,
      rounds: rounds.map((samples) => samples.filter((_, index) => index % 2 === turn)),
    });
    return {
      kind: 'comparison',
      what: `${change} is ${what}`,
      unit: 'us',
      statistic,
      ours: only(ours),
      baseline: only(baseline),
      ...(target ? { target } : {}),
    };
  });
}

/** As short-lived as the run, and without an epoch: it is in force for whoever reads it. */
function markerOfNow(): string {
  const requested_at = formatIsoDateTime(Date.now());
  return JSON.stringify({ action: 'drain', requested_at, principal: 'bench', epoch: '', suppress_notification: false });
}
