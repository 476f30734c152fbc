import type { WaitObserver } from '@hermes/dashboard-client';
import type { Outcome } from '../exit.ts';

export const FORMATS = ['text', 'json', 'ndjson'] as const;
export type Format = (typeof FORMATS)[number];

/** Tells what happens as it happens, and how it ended. */
export interface Reporter extends WaitObserver {
  /** Something that happened once. `data` is for programs. */
  note(event: string, text: string, data?: Readonly<Record<string, unknown>>): void;
  /** Leaves the terminal to another process. */
  pause(): void;
  /** The end; nothing comes after it. */
  finish(outcome: Outcome): void;
}

/** A stream for output, as far as a reporter needs it. */
export interface Sink {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}
