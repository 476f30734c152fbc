import type { FaultWindow, Hold, Interval, Life, MissedWait, Release } from './history.ts';

/** What those who do things write down while a round runs; the rest of its history is read at its end. */
export class Recorder {
  readonly holds: Hold[] = [];
  readonly releases: Release[] = [];
  readonly faults: FaultWindow[] = [];
  readonly lives: Life[] = [];
  readonly safe: Interval[] = [];
  readonly missed: MissedWait[] = [];
  looks = 0;

  /** Does something that may end a drain. When it fails, nobody knows when its effect ends. */
  async release<T>(why: string, task: () => Promise<T>, isOver: (result: T) => boolean = () => true): Promise<T> {
    const from = Date.now();
    // In the list from its beginning: a begin that returns meanwhile proves nothing.
    const index = this.releases.push({ from, to: Infinity, why }) - 1;
    const result = await task();
    if (isOver(result)) this.releases[index] = { from, to: Date.now(), why };
    return result;
  }

  async fault(name: string, detail: string, task: () => Promise<unknown>): Promise<void> {
    const from = Date.now();
    const index = this.faults.push({ name, detail, from, to: Infinity }) - 1;
    try {
      await task();
    } finally {
      this.faults[index] = { name, detail, from, to: Date.now() };
    }
  }

  miss(what: string): void {
    this.missed.push({ at: Date.now(), what });
  }
}
