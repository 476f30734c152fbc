import type { Action } from './model-actions.ts';

type Marker =
  | { readonly kind: 'odd'; readonly what: 'directory' | 'symlink' | 'fifo' | 'forbidden' }
  | ({ readonly kind: 'text'; readonly json: boolean; readonly since: number } & Request);

interface Request {
  readonly id: string | null;
  readonly epoch: string;
  readonly dated: boolean;
  readonly quiet: boolean;
  readonly maxAge: number | null;
}

const NO_REQUEST: Request = { id: null, epoch: '', dated: false, quiet: false, maxAge: null };

/** What a whole machine with a gateway, and a dashboard elsewhere, must do: told again, in few words. Times in ms. */
export class Model {
  now: number;
  /** Of the machine that the gateway runs on. */
  epoch: string;
  marker: Marker | undefined;
  /** The last marker that the dashboard wrote. */
  backup: Marker | undefined;
  gateway: 'up' | 'stopping' | 'stopped' | 'dead' = 'up';
  turns = 0;
  readonly #dashboardEpoch: string;
  readonly #ids = new Set<string>();
  #said = { at: 0, state: '', turns: 0, epoch: '', id: null as string | null, since: 0 };

  constructor(now: number, dashboardEpoch: string) {
    this.now = now;
    this.#dashboardEpoch = this.epoch = dashboardEpoch;
    this.#publish();
  }

  verdict(epoch = this.epoch): readonly [active: boolean, reason: string] {
    const { marker } = this;
    if (!marker) return [false, 'absent'];
    if (marker.kind === 'odd') return [false, 'unreadable'];
    if (marker.epoch && epoch && marker.epoch !== epoch) return [false, 'stale-epoch'];
    if (this.now - marker.since > (marker.maxAge ?? 3_600) * 1_000) return [false, 'expired'];
    if (!marker.json) return [true, 'corrupt'];
    return [true, marker.epoch === '' ? 'no-epoch' : epoch === '' ? 'epoch-unknown' : 'current'];
  }

  get state(): string {
    return this.gateway !== 'up' ? this.gateway : this.verdict()[0] ? 'draining' : 'running';
  }

  admits(kind: 'external' | 'internal'): boolean {
    return this.gateway === 'up' && (kind === 'internal' || !this.verdict()[0]);
  }

  get suppressed(): boolean {
    return this.verdict()[0] && this.#request.quiet;
  }

  /** The request that the gateway says it answers. */
  get drain(): string | null {
    return this.#said.state === 'draining' ? this.#said.id : null;
  }

  get safe(): boolean {
    const { state, turns, id, since } = this.#said;
    const answered = id !== null || !this.#request.dated ? id === this.#request.id : since === this.#request.since;
    const same = answered && id === this.#request.id;
    return this.#live && state === 'draining' && turns === 0 && this.verdict(this.#said.epoch)[0] && same;
  }

  /** What a step must return. @param found what it did return: only new ids are taken from it. */
  take(action: Action, found: unknown): unknown {
    const expected = this.#act(action, found);
    if (this.gateway === 'up' || this.gateway === 'stopping' || action.do === 'close') this.#publish();
    return expected;
  }
}
