import type { EventEmitter } from 'node:events';
import type { Logger } from '@hermes/service-kit';
import type { Fleet, FleetEvents } from '../journal/fleet.ts';

/** How often a gateway tries to get a lease, or sees that it should give it up, in ms. */
const INTERVAL_MS = 1_000;

/** How long work may take to stop before the lease is given up, in ms. */
const STOP_MS = 5_000;

/** What only one gateway may do at a time. */
export interface LeasedWork {
  start(): void;
  /** Ends soon after `bound` aborts. */
  stop(bound: AbortSignal): Promise<void>;
}

export interface ChannelLeaseOptions {
  readonly channel: string;
  readonly work: LeasedWork;
  readonly fleet: Pick<Fleet, 'tryLease' | 'releaseLease' | 'takers'> & EventEmitter<FleetEvents>;
  /** Whether the gate of this gateway is open. */
  readonly isOpen: () => boolean;
  readonly log: Logger;
}

/**
 * Lets one gateway of a journal work on a channel. A gateway whose gate is closed gives the lease up when another one can
 * take it.
 */
export class ChannelLease {
  readonly #options: ChannelLeaseOptions;
  readonly #onLost = (): void => void this.#lose();
  #timer: NodeJS.Timeout | undefined;
  #isHeld = false;
  /** The step that is under way. */
  #step: Promise<void> = Promise.resolve();
  #isStepping = false;

  constructor(options: ChannelLeaseOptions) {
    this.#options = options;
  }

  get isHeld(): boolean {
    return this.#isHeld;
  }

  start(): void {
    this.#options.fleet.on('lost', this.#onLost);
    this.#timer = setInterval(() => this.#look(), INTERVAL_MS).unref();
    this.#look();
  }

  /** Stops the work, and gives the lease up. */
  async stop(bound: AbortSignal): Promise<void> {
    clearInterval(this.#timer);
    this.#options.fleet.off('lost', this.#onLost);
    await this.#step;
    await this.#giveUp(bound);
  }

  #look(): void {
    if (this.#isStepping) return;
    this.#isStepping = true;
    this.#step = this.#take().finally(() => {
      this.#isStepping = false;
    });
  }

  /** Never rejects. */
  async #take(): Promise<void> {
    const { channel, fleet, isOpen, log, work } = this.#options;
    const wants = isOpen() || fleet.takers === 0;
    if (this.#isHeld && !wants) await this.#giveUp(AbortSignal.timeout(STOP_MS));
    if (this.#isHeld || !wants) return;
    try {
      this.#isHeld = await fleet.tryLease(leaseOf(channel));
    } catch (error) {
      log.debug({ err: error, channel }, 'the lease of a channel could not be taken; retrying');
    }
    if (!this.#isHeld) return;
    log.info({ channel }, 'this gateway serves the channel now');
    work.start();
  }

  async #giveUp(bound: AbortSignal): Promise<void> {
    const { channel, fleet, log, work } = this.#options;
    if (!this.#isHeld) return;
    await work.stop(bound).catch((error) => log.warn({ err: error, channel }, 'a channel did not stop as it should'));
    this.#isHeld = false;
    // If the journal cannot be reached, the lease ends with the connection.
    await fleet.releaseLease(leaseOf(channel)).catch(() => undefined);
    log.info({ channel }, 'another gateway may serve the channel now');
  }

  async #lose(): Promise<void> {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    const { channel, log, work } = this.#options;
    log.warn({ channel }, 'the lease of a channel is lost');
    await work.stop(AbortSignal.timeout(0)).catch(() => undefined);
  }
}

function leaseOf(channel: string): string {
  return `channel ${channel}`;
}
