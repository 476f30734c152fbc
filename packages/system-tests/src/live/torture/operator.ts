import { setTimeout as delay } from 'node:timers/promises';
import type { Dashboards } from './dashboards.ts';
import { type Exchange, parseObject } from './exchange.ts';
import type { Recorder } from './recorder.ts';
import type { Rng } from './rng.ts';

const DRAIN = '/api/gateway/drain';

/** Between two attempts to cancel, in ms. */
const RETRY_MS = 200;

/** Someone who begins, refreshes and cancels drains, and writes down when one was in force for certain. */
export class Operator {
  readonly #dashboards: Dashboards;
  readonly #recorder: Recorder;
  readonly #rng: Rng;
  drains = 0;

  constructor(dashboards: Dashboards, recorder: Recorder, rng: Rng) {
    this.#dashboards = dashboards;
    this.#recorder = recorder;
    this.#rng = rng;
  }

  /** Drain after drain until `storm` is over. */
  async work(storm: AbortSignal): Promise<void> {
    const pause = (most: number) =>
      delay(this.#rng.between(0, most), undefined, { signal: storm }).catch(() => undefined);
    while (!storm.aborted) {
      await pause(4_000);
      if (await this.#begin()) this.drains += 1;
      for (let n = this.#rng.between(0, 3); n >= 1; n--) {
        await pause(600);
        if (this.#rng.chance(0.5)) await this.#begin();
      }
      if (this.#rng.chance(0.5)) await this.#ask('GET', `${DRAIN}?until=drained&wait=4`);
      await pause(400);
      while (!(await this.cancel()) && !storm.aborted) await pause(RETRY_MS * 2);
    }
  }

  /** @returns whether it was done. */
  async cancel(): Promise<boolean> {
    // The request of a connection that broke ended with the process that it was sent to; one that timed out may be done yet.
    const wasAnswered = (answer: Exchange) => 'text' in answer || !answer.why.startsWith('TimeoutError');
    const answer = await this.#recorder.release('cancel', () => this.#ask('DELETE', DRAIN), wasAnswered);
    return answer.status === 200;
  }

  /** Begins or refreshes: at one dashboard, or at all of them at once. @returns whether it was done. */
  async #begin(): Promise<boolean> {
    const ports = this.#rng.chance(0.3) ? this.#dashboards.ports : [this.#rng.pick(this.#dashboards.ports)];
    const body = this.#rng.chance(0.5) ? { reason: 'torture' } : {};
    const begun = await Promise.all(ports.map((port) => this.#beginAt(port, body)));
    return begun.includes(true);
  }

  async #beginAt(port: number, body: unknown): Promise<boolean> {
    const from = Date.now();
    const answer = await this.#dashboards.ask(port, 'POST', DRAIN, body);
    const since = answer.status === 200 ? Date.now() : undefined;
    const { request_id: id } = 'text' in answer ? parseObject(answer.text) : {};
    this.#recorder.holds.push({ from, since, requestId: id === undefined ? undefined : String(id) });
    return since !== undefined;
  }

  #ask(method: string, path: string): Promise<Exchange> {
    return this.#dashboards.ask(this.#rng.pick(this.#dashboards.ports), method, path);
  }
}
