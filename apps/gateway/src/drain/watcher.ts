import { type FSWatcher, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { DrainVerdict } from '@hermes/drain-contract';
import type { Log } from './log.ts';
import type { MarkerProbe } from './marker-probe.ts';

const POLL_INTERVAL_MS = 1_000;

/** Maximum delay of a timer; the poll finds a later expiry. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Makes the probe read the marker whenever it may have changed: on events of its directory (the marker is replaced by
 * rename, so a watch on the file itself would miss that), at the first refusal, on expiry, and every second in case
 * events are lost.
 */
export class MarkerWatcher {
  readonly #probe: MarkerProbe;
  readonly #log: Log;
  #events: FSWatcher | undefined;
  #poll: NodeJS.Timeout | undefined;
  /** For changes that depend on time only. */
  #timer: NodeJS.Timeout | undefined;

  constructor(probe: MarkerProbe, log: Log) {
    this.#probe = probe;
    this.#log = log;
  }

  start(): void {
    this.#watchDirectory();
    this.#poll = setInterval(() => this.#look(), POLL_INTERVAL_MS).unref();
    this.#look();
  }

  stop(): void {
    this.#events?.close();
    clearInterval(this.#poll);
    clearTimeout(this.#timer);
  }

  #watchDirectory(): void {
    const name = basename(this.#probe.path);
    try {
      this.#events = watch(dirname(this.#probe.path), (_event, changed) => {
        if (changed === null || changed === name) this.#look();
      });
      this.#events.on('error', (error) => this.#pollOnly(error));
    } catch (error) {
      this.#pollOnly(error);
    }
  }

  #pollOnly(error: unknown): void {
    this.#events?.close();
    this.#events = undefined;
    this.#log.warn({ err: error }, 'the drain marker cannot be watched; polling it every second');
  }

  #look(): void {
    const verdict = this.#probe.look();
    clearTimeout(this.#timer);
    const wait = changesAt(verdict) - Date.now();
    // The poll checks a verdict that outlives its expiry because reads fail.
    if (wait > 0 && wait <= MAX_TIMER_MS) this.#timer = setTimeout(() => this.#look(), wait).unref();
  }
}

/** Unix ms at which the verdict changes if the marker does not. */
function changesAt(verdict: DrainVerdict): number {
  if (verdict.active) return verdict.expiresAt + 1;
  return verdict.reason === 'announced'
    ? Math.min(verdict.refuseAfter, verdict.expiresAt + 1)
    : Number.POSITIVE_INFINITY;
}
