import { randomNumbers } from '../../seed.ts';

/** Random choices; the same ones for the same seed. */
export class Rng {
  readonly #next: () => number;

  constructor(seed: number) {
    this.#next = randomNumbers(seed);
  }

  /** From `low` to `high`, not whole. */
  between(low: number, high: number): number {
    return low + this.#next() * (high - low);
  }

  chance(probability: number): boolean {
    return this.#next() < probability;
  }

  /** @throws Error when there is nothing to choose from. */
  pick<T>(items: readonly T[]): T {
    return this.pickWeighted(items, () => 1);
  }

  /** @throws Error when nothing has a weight above 0. */
  pickWeighted<T>(items: readonly T[], weightOf: (item: T) => number): T {
    let left = this.#next() * items.reduce((sum, item) => sum + weightOf(item), 0);
    const picked = items.find((item) => {
      left -= weightOf(item);
      return left < 0;
    });
    if (picked === undefined) throw new Error('expected at least one item with a weight above 0');
    return picked;
  }
}
