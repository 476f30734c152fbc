import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clearDrainRequest, readDrainRequest, writeDrainRequest } from '@hermes/drain-contract';
import { Testbed } from '../../live/testbed.ts';
import type { Bench } from '../measurement.ts';
import { type Contender, inTurn } from '../rounds.ts';
import { BareMarker } from './markers/bare-marker.ts';

export const markers: Bench = {
  name: 'markers',
  measures: 'How often a second a drain can be begun and cancelled, durably each time, one after the other.',
  baseline:
    'the same bytes written, synced, renamed into place and removed again, the directory synced each time, with node:fs/promises.',
  async *run({ rounds, quick }) {
    const home = await mkdtemp(join(tmpdir(), 'hermes-bench-'));
    try {
      const milliseconds = quick ? 300 : 1_000;
      await writeDrainRequest({ home, reason: 'a bench' });
      const bare = new BareMarker(home, JSON.stringify(readDrainRequest({ home }), null, 2));
      const direct = cycles('drain-contract', milliseconds, async () => {
        await writeDrainRequest({ home, reason: 'a bench' });
        await clearDrainRequest({ home });
      });
      const byHand = cycles('node:fs/promises', milliseconds, async () => {
        await bare.write();
        await bare.remove();
      });
      await using testbed = await Testbed.start();
      const { client } = testbed;
      const overHttp = cycles('dashboard', milliseconds, async () => {
        await client.beginDrain({ reason: 'a bench' });
        await client.cancelDrain();
      });

      const [ours, baseline, http] = await inTurn([direct, byHand, overHttp], { rounds });
      const shared = { kind: 'comparison', unit: 'per second', statistic: 'median', baseline } as const;
      yield { ...shared, what: 'begin and cancel, the library alone', ours };
      yield { ...shared, what: 'begin and cancel over HTTP, audited and with a gateway that answers', ours: http };
    } finally {
      await rm(home, { recursive: true });
    }
  },
};

function cycles(name: string, milliseconds: number, cycle: () => Promise<void>): Contender {
  return {
    name,
    async round() {
      const start = performance.now();
      let count = 0;
      while (performance.now() - start < milliseconds) {
        await cycle();
        count += 1;
      }
      return [(count / (performance.now() - start)) * 1_000];
    },
  };
}
