import type { Journal } from '../journal.ts';

/** The methods of a journal that another thread can call. */
export type Method = Exclude<keyof Journal, 'commits' | 'fleet'>;

/** One method call. Calls and answers are sent in batches. */
export interface Call {
  /** The answer refers to it. */
  readonly id: number;
  readonly method: Method;
  readonly args: readonly unknown[];
}

export type Answer =
  | { readonly id: number; readonly value: unknown }
  /** `details` are the error properties that a message between threads loses: SQLite's codes. */
  | { readonly id: number; readonly error: unknown; readonly details: object };

/** The file could not be opened because of a temporary failure. */
export interface NotOpened {
  readonly problem: string;
}

export interface Answers {
  readonly answers: readonly Answer[];
  /** Commits since the start. */
  readonly commits: number;
}
