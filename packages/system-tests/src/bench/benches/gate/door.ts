import { mkdir } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { clearDrainRequest, writeDrainRequest } from '@hermes/drain-contract';
import { MarkerProbe } from '@hermes/gateway/build/drain/marker-probe.js';
import { Gate } from '@hermes/gateway/build/gate/gate.js';
import { Bench as Stopwatch } from 'tinybench';

/** Longer than a probe mistrusts the times of a marker that was just written, in ms. */
const SETTLED_MS = 200;

/** A gate with its probe at a home where nothing else is. */
export class Door {
  readonly #home: string;
  readonly #gate: Gate;

  private constructor(home: string) {
    this.#home = home;
    const probe = new MarkerProbe(home, 'epoch');
    this.#gate = new Gate({
      state: () => 'running',
      readVerdict: () => probe.look(),
      drain: () => probe.drain,
      storageProblem: () => undefined,
    });
  }

  static async make(home: string): Promise<Door> {
    await mkdir(home);
    return new Door(home);
  }

  /** @returns microseconds that a turn takes to be let in and counted out. */
  async letIn(milliseconds: number): Promise<number> {
    return this.#time(milliseconds, true);
  }

  /** @returns microseconds that it takes to refuse one while a marker is there. */
  async refuse(milliseconds: number): Promise<number> {
    await writeDrainRequest({ home: this.#home, epoch: 'epoch' });
    try {
      await delay(SETTLED_MS);
      return await this.#time(milliseconds, false);
    } finally {
      await clearDrainRequest({ home: this.#home });
    }
  }

  async #time(time: number, admitted: boolean): Promise<number> {
    const stopwatch = new Stopwatch({ time, throws: true });
    stopwatch.add('pass', () => {
      const admission = this.#gate.admit('external', { id: 'turn', session: 'session' });
      if (admission.admitted !== admitted) throw new Error('the gate does not do what is timed');
      if (admission.admitted) admission.permit.release();
    });
    const [task] = await stopwatch.run();
    if (task?.result.state !== 'completed') throw new Error('the gate was not timed');
    return task.result.latency.p50 * 1_000;
  }
}
