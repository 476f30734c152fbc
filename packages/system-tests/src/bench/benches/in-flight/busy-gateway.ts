import { on } from 'node:events';
import { watch } from 'node:fs';
import { clearDrainRequest, type GatewayStateView, readGatewayState, writeDrainRequest } from '@hermes/drain-contract';
import { Testbed } from '../../../live/testbed.ts';
import { drive } from '../../load/drive.ts';
import { collectGarbage, INSPECTED } from '../../process/inspector.ts';
import { residentMemory } from '../../process/usage.ts';

/** Longer than any bench, in ms. */
const TURN_MS = 3_600_000;

const BOUND_MS = 30_000;
const CONNECTIONS = 10;

/** A gateway with turns in flight, each in a session of its own. */
export class BusyGateway implements AsyncDisposable {
  readonly #testbed: Testbed;
  #batches = 0;

  private constructor(testbed: Testbed) {
    this.#testbed = testbed;
  }

  static async start(): Promise<BusyGateway> {
    return new BusyGateway(await Testbed.start({ turn: TURN_MS, dashboard: false, within: { gateway: INSPECTED } }));
  }

  static async of(turns: number): Promise<BusyGateway> {
    const crowd = await BusyGateway.start();
    await crowd.grow(turns);
    return crowd;
  }

  /** Puts so many more turns in flight. @returns how long that took, in seconds. */
  async grow(turns: number): Promise<number> {
    this.#batches += 1;
    const { url, program } = this.#testbed.gateway;
    const { perSecond } = await drive(
      { url, pid: program.pid },
      {
        connections: CONNECTIONS,
        sessions: turns,
        prefix: `batch-${this.#batches}`,
        until: { messages: turns },
        later: true,
      },
    );
    return turns / perSecond;
  }

  /** What the gateway holds on to, in KiB. */
  async memory(): Promise<number> {
    await collectGarbage(this.#testbed.gateway.program);
    return residentMemory(this.#testbed.gateway.program.pid);
  }

  /** Begins a drain and cancels it. @returns how long it took from the first step of writing the marker until the drain was published, in ms. */
  async drain(): Promise<number> {
    const { home } = this.#testbed;
    const time = await this.#published(
      () => writeDrainRequest({ home }),
      (state) => state?.gateway_state === 'draining',
    );
    await this.#published(
      () => clearDrainRequest({ home }),
      (state) => state?.gateway_state === 'running',
    );
    return time;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#testbed[Symbol.asyncDispose]();
  }

  async #published(change: () => Promise<unknown>, is: (state?: GatewayStateView) => boolean): Promise<number> {
    const { home } = this.#testbed;
    const watcher = watch(home);
    const changes = on(watcher, 'change', { signal: AbortSignal.timeout(BOUND_MS) });
    try {
      const began = performance.now();
      await change();
      while (!is(readGatewayState({ home }))) await changes.next();
      return performance.now() - began;
    } finally {
      await changes.return?.();
      watcher.close();
    }
  }
}
