import type { TestContext } from 'vitest';

/** What a test measured, by a name that ends in the unit: `published_after_ms`. */
export type Figures = Readonly<Record<string, number | string>>;

declare module 'vitest' {
  interface TaskMeta {
    figures?: Figures;
  }
}

/** Notes what a test measured, for the report. Nothing is asserted about it: how fast a busy machine is proves nothing. */
export function note({ task }: TestContext, figures: Figures): void {
  task.meta.figures = { ...task.meta.figures, ...figures };
}

/** Milliseconds since a reading of `performance.now()`. */
export function since(start: number): number {
  return Math.round(performance.now() - start);
}
