import type { Profile } from '@hermes/drain-contract';
import { ProblemError } from '@hermes/service-kit/http';
import { type ProfileStatus, readProfileStatus } from '../status/read.ts';
import type { ProfileWatches } from '../status/watch.ts';
import { isSettled } from './view.ts';

export const MAX_WAITERS = 1000;

/** The clients that wait for a drain to be over: bounded in number, in time, and by their life and ours. */
export class DrainWaits {
  readonly #watches: ProfileWatches;
  readonly #limit: number;
  readonly #answers = new Set<() => void>();
  #ended = false;

  constructor(watches: ProfileWatches, limit = MAX_WAITERS) {
    this.#watches = watches;
    this.#limit = limit;
  }

  /** Clients that wait. */
  get size(): number {
    return this.#answers.size;
  }

  /**
   * The status of `profile` once it is safe to stop or no drain is in force; else as it is after `ms`, or when the
   * client has `gone`, or when {@link end} is called. @throws ProblemError 503 when too many wait.
   */
  async wait(profile: Profile, ms: number, gone: AbortSignal): Promise<ProfileStatus> {
    const status = readProfileStatus(profile);
    if (isSettled(status) || this.#ended || gone.aborted) return status;
    if (this.#answers.size >= this.#limit) throw tooManyWaiters();
    return new Promise((resolve) => {
      const finish = (last: ProfileStatus) => {
        clearTimeout(timer);
        unsubscribe();
        gone.removeEventListener('abort', answer);
        this.#answers.delete(answer);
        resolve(last);
      };
      const answer = () => finish(readProfileStatus(profile));
      const look = (seen: ProfileStatus) => isSettled(seen) && finish(seen);
      const timer = setTimeout(answer, ms);
      const unsubscribe = this.#watches.subscribe(profile, look);
      gone.addEventListener('abort', answer);
      this.#answers.add(answer);
      // What changed before the watch was in place makes no event.
      look(readProfileStatus(profile));
    });
  }

  /** Answers all waiting clients now, and later ones at once. */
  end(): void {
    this.#ended = true;
    for (const answer of [...this.#answers]) answer();
  }
}

function tooManyWaiters(): ProblemError {
  return new ProblemError(
    503,
    'too-many-waiters',
    'Too many clients are waiting',
    'Retry later, or ask without `until`.',
    {
      headers: { 'retry-after': '5' },
    },
  );
}
