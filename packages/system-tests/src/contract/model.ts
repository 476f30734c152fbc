import type { Obstacle } from './model-actions.ts';

/** What is where the marker should be. Times in ms, `maxAge` in seconds. */
export interface Marker {
  readonly what: 'object' | 'corrupt' | Obstacle;
  readonly id: string | null;
  readonly epoch: string;
  readonly quiet: boolean;
  readonly maxAge: number;
  readonly since: number;
  /** When it begins to refuse; 0 for at once. */
  readonly refuseAfter: number;
  /** Whether it says itself since when. */
  readonly dated: boolean;
  /** When its file was written. */
  readonly written: number;
}

/** A date further ahead than this is unusable, in ms. */
const MAX_AHEAD_MS = 300_000;

/** A drain is announced for this long at most, in ms. */
const MAX_LEAD_MS = 600_000;

/** A state that is older than this may be out of date, in ms. */
const SAFE_STATE_MS = 13_000;

/** What a gateway, and a dashboard in another container, must conclude: the contract told again in few words. */
export class Model {
  now: number;
  /** Of the boot that the gateway runs in. */
  epoch: string;
  marker: Marker | undefined;
  /** The last marker that the dashboard wrote. */
  backup: Marker | undefined;
  gateway: 'up' | 'stopping' | 'stopped' | 'dead' = 'up';
  turns = 0;
  readonly #dashboardEpoch: string;
  /** What the gateway published last. */
  #said = { state: '', at: 0, turns: 0, epoch: '', id: null as string | null };
  /** The id of the drain at the last look of the gateway: a marker without one continues it. */
  #id: string | null = null;

  constructor(now: number, dashboardEpoch: string) {
    this.now = now;
    this.epoch = this.#dashboardEpoch = dashboardEpoch;
    this.say();
  }

  verdict(epoch = this.epoch): [active: boolean, reason: string] {
    const marker = this.marker;
    if (!marker) return [false, 'absent'];
    if (marker.what !== 'object' && marker.what !== 'corrupt') return [false, 'unreadable'];
    if (marker.epoch && epoch && marker.epoch !== epoch) return [false, 'stale-epoch'];
    const since = [marker.since, marker.written].find((time) => time <= this.now + MAX_AHEAD_MS);
    if (since === undefined || this.now > since + marker.maxAge * 1_000) return [false, 'expired'];
    if (marker.what === 'corrupt') return [true, 'corrupt'];
    if (this.now < marker.refuseAfter && marker.refuseAfter - since <= MAX_LEAD_MS) return [false, 'announced'];
    return [true, !marker.epoch ? 'no-epoch' : epoch ? 'current' : 'epoch-unknown'];
  }

  /** Whether there is a drain to refresh or cancel. */
  isHeld(epoch: string): boolean {
    const [active, reason] = this.verdict(epoch);
    return active || reason === 'announced';
  }

  get state(): string {
    if (this.gateway !== 'up') return this.gateway;
    return this.verdict()[0] ? 'draining' : 'running';
  }

  admits(kind: 'external' | 'internal'): boolean {
    return this.gateway === 'up' && (kind === 'internal' || !this.verdict()[0]);
  }

  get suppressed(): boolean {
    return this.verdict()[0] && this.marker?.quiet === true;
  }

  /** The request that the gateway says it is draining for. */
  get answered(): string | null {
    return this.#said.state === 'draining' ? this.#said.id : null;
  }

  get safe(): boolean {
    const { state, at, turns, epoch, id } = this.#said;
    if (
      !this.#live ||
      Math.abs(this.now - at) >= SAFE_STATE_MS ||
      state !== 'draining' ||
      turns > 0 ||
      !this.verdict(epoch)[0]
    )
      return false;
    // What has no id continues the drain that the gateway has answered.
    return this.marker?.id === null || id === this.marker?.id;
  }

  /** The id that the dashboard knows of the drain in force. */
  get knownId(): string | null {
    return this.marker?.id ?? (this.#live ? this.answered : null);
  }

  /** The epoch that the dashboard goes by. */
  get addressed(): string {
    return this.#live ? this.#said.epoch : this.#dashboardEpoch;
  }

  get #live(): boolean {
    const claims = ['running', 'draining', 'stopping'].includes(this.#said.state);
    return claims && Math.abs(this.now - this.#said.at) < 30_000;
  }

  /** A new process, which has no journal with the drain of the previous one here. */
  restart(epoch = this.epoch): void {
    [this.gateway, this.turns, this.epoch, this.#id] = ['up', 0, epoch, null];
  }

  /** The gateway publishes what is so now. */
  say(): void {
    this.#id = this.isHeld(this.epoch) ? (this.marker?.id ?? this.#id) : null;
    this.#said = { state: this.state, at: this.now, turns: this.turns, epoch: this.epoch, id: this.#id };
  }
}
