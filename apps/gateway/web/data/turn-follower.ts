import { streamed, type Timeline, told } from '../model/timeline.ts';
import type { TurnView } from '../model/wire.ts';
import { type Api, ApiError } from './api.ts';
import { pause } from './pause.ts';
import type { Store } from './store.ts';

/** How often a growing reply is shown, in ms: to lay it out takes time. */
const SHOW_MS = 60;

export interface TurnFollowerParts {
  readonly api: Pick<Api, 'turn'>;
  readonly timeline: Store<Timeline>;
  onUnauthorized(): void;
  /** The gateway does not know the turn. */
  onLost(): void;
}

/** Shows the reply of one turn as it grows. Its end is shown also if the events of the session are late. */
export class TurnFollower {
  readonly #parts: TurnFollowerParts;
  #turnId: string | null = null;
  #leaving = new AbortController();

  constructor(parts: TurnFollowerParts) {
    this.#parts = parts;
  }

  /** Follows this turn instead of the one before; `null` for none. */
  follow(turnId: string | null): void {
    if (turnId === this.#turnId) return;
    this.#leaving.abort();
    this.#leaving = new AbortController();
    this.#turnId = turnId;
    if (turnId !== null) void this.#run(turnId, this.#leaving.signal);
  }

  async #run(turnId: string, signal: AbortSignal): Promise<void> {
    for (let failures = 0; !signal.aborted; failures++) {
      try {
        await this.#read(turnId, signal, () => {
          failures = 0;
        });
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof ApiError && error.failure.kind === 'unauthorized') return this.#parts.onUnauthorized();
        if (error instanceof ApiError && error.status === 404) return this.#parts.onLost();
      }
      await pause(failures, signal);
    }
  }

  /** One connection. The reply comes from its beginning each time. */
  async #read(turnId: string, signal: AbortSignal, onProgress: () => void): Promise<void> {
    const { api, timeline } = this.#parts;
    let reply = '';
    let timer: ReturnType<typeof setTimeout> | undefined;
    const show = () => {
      timer = undefined;
      timeline.set(streamed(timeline.read(), turnId, reply));
    };
    try {
      for await (const { event, data } of await api.turn(turnId, signal)) {
        if (event === 'turn') timeline.set(told(timeline.read(), JSON.parse(data) as TurnView));
        if (event !== 'delta') continue;
        onProgress();
        reply += (JSON.parse(data) as { text: string }).text;
        timer ??= setTimeout(show, SHOW_MS);
      }
    } finally {
      clearTimeout(timer);
    }
  }
}
