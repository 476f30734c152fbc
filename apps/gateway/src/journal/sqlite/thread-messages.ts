import type { Journal } from '../journal.ts';

/** What can be asked of a journal in another thread. */
export type Method = Exclude<keyof Journal, 'commits'>;

/** One call of a method. Calls travel in crowds, as do their answers. */
export interface Call {
  /** What its answer refers to. */
  readonly id: number;
  readonly method: Method;
  readonly args: readonly unknown[];
}

export type Answer =
  | { readonly id: number; readonly value: unknown }
  /** `details` are the properties of the error that do not travel with it: SQLite's codes. */
  | { readonly id: number; readonly error: unknown; readonly details: object };

/** The file could not be opened, for a reason that passes by itself. */
export interface NotOpened {
  readonly problem: string;
}

export interface Answers {
  readonly answers: readonly Answer[];
  /** Commits since the start. */
  readonly commits: number;
}
