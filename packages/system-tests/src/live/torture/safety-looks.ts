import { setTimeout as delay } from 'node:timers/promises';
import type { Dashboards } from './dashboards.ts';
import { parseObject } from './exchange.ts';
import type { Recorder } from './recorder.ts';
import type { Rng } from './rng.ts';

const LOOK_EVERY_MS = 15;

/** Asks again and again whether it is safe to stop, until `over` aborts; sometimes with a wait. */
export async function lookForSafety(
  dashboards: Dashboards,
  recorder: Recorder,
  { rng, over }: { readonly rng: Rng; readonly over: AbortSignal },
): Promise<void> {
  while (!over.aborted) {
    const from = Date.now();
    const query = rng.chance(0.02) ? '?until=drained&wait=1' : '';
    const answer = await dashboards.ask(rng.pick(dashboards.ports), 'GET', `/api/gateway/drain${query}`);
    if ('text' in answer && answer.status === 200) {
      recorder.looks += 1;
      if (parseObject(answer.text).safe_to_stop === true) recorder.safe.push({ from, to: Date.now() });
    }
    await delay(LOOK_EVERY_MS);
  }
}
