/** Exit statuses of `drainctl`, as documented in its `--help`. */
export const EXIT = {
  done: 0,
  failure: 1,
  usage: 2,
  deadline: 3,
  ended: 4,
  conflict: 5,
  stalled: 6,
  unreachable: 7,
  refused: 8,
  broken: 9,
  stopped: 10,
  died: 11,
  silent: 12,
  self: 13,
  notExecutable: 126,
  notFound: 127,
  config: 78,
} as const;

/** How a command came to its end: for programs in `result` and `data`, for people in `text`. */
export interface Outcome {
  /** A word, stable. */
  readonly result: string;
  readonly exit: number;
  readonly text: readonly string[];
  readonly data?: Readonly<Record<string, unknown>>;
}

/** Why a command could not do what was asked; the message says what to do. */
export class DrainctlError extends Error {
  readonly result: string;
  readonly exit: number;
  readonly data: Readonly<Record<string, unknown>>;

  constructor(result: string, exit: number, message: string, data: Record<string, unknown> = {}) {
    super(message);
    this.name = 'DrainctlError';
    this.result = result;
    this.exit = exit;
    this.data = data;
  }
}
