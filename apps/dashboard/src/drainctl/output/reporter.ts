import type { Outcome } from '../exit.ts';
import type { Judgement, Sighting } from '../wait/judge.ts';

export const FORMATS = ['text', 'json', 'ndjson'] as const;
export type Format = (typeof FORMATS)[number];

/** What a waiting command knows beside a sighting. */
export interface Progress {
  readonly judgement?: Judgement;
  /** Unix ms. */
  readonly deadlineAt?: number | undefined;
}

/** Tells what happens as it happens, and how it ended. */
export interface Reporter {
  /** Something that happened once. `data` is for programs. */
  note(event: string, text: string, data?: Readonly<Record<string, unknown>>): void;
  /** How things are. */
  progress(sighting: Sighting, progress: Progress): void;
  /** The dashboard is out of reach for now. */
  lost(error: Error): void;
  /** Leaves the terminal to somebody else. */
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
