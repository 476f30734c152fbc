import { Crowd } from '../../live/crowd.ts';
import { drainCycle } from '../../live/drain-cycle.ts';
import { Testbed } from '../../live/testbed.ts';
import type { Bench } from '../measurement.ts';

const CLIENTS = 8;
const CYCLES = { all: 10_000, quick: 1_000 } as const;

/** A machine on which that many take longer measures fewer. */
const BOUND_MS = { all: 420_000, quick: 15_000 } as const;

export const refuse: Bench = {
  name: 'refuse',
  measures: `Drains over HTTP, begun and cancelled while ${CLIENTS} clients send one message after another. A message slips through that is sent after begin-drain has returned and becomes a turn.`,
  baseline: 'none: it must not happen.',
  async *run({ quick, tell }) {
    const effort = quick ? 'quick' : 'all';
    await using testbed = await Testbed.start();
    await using crowd = new Crowd(testbed.gateway.url, CLIENTS);
    const { client } = testbed;
    const start = performance.now();
    let [cycles, slipped, refused] = [0, 0, 0];
    while (cycles < CYCLES[effort] && performance.now() < start + BOUND_MS[effort]) {
      const outcome = await drainCycle(client, crowd);
      slipped += outcome.slipped.length;
      refused += outcome.refused;
      cycles += 1;
    }
    const seconds = (performance.now() - start) / 1_000;
    tell(`${cycles} drains, ${refused} messages refused`);
    yield {
      kind: 'figure',
      what: 'turns that slipped through',
      unit: 'times',
      samples: [slipped],
      target: { atMost: 0 },
    };
    yield { kind: 'figure', what: 'drains begun and cancelled', unit: 'times', samples: [cycles] };
    yield { kind: 'figure', what: 'messages refused', unit: 'times', samples: [refused] };
    yield { kind: 'figure', what: 'drains, under load', unit: 'per second', samples: [cycles / seconds] };
  },
};
