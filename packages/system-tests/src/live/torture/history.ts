/**
 * What a round of torture leaves behind, as plain data: only what clients, operators, agents and the file of the
 * journal say, never what the gateway says about itself. Times are Unix ms of this machine's clock, which no fault
 * touches.
 */
export interface History {
  readonly options: RoundOptions;
  readonly requests: readonly Request[];
  readonly holds: readonly Hold[];
  readonly releases: readonly Release[];
  readonly faults: readonly FaultWindow[];
  readonly lives: readonly Life[];
  /** Looks at the drain that were answered with `safe_to_stop`. */
  readonly safe: readonly Interval[];
  /** Looks at the drain that were answered. */
  readonly looks: number;
  readonly runs: readonly Run[];
  readonly rows: readonly JournalRow[];
  readonly events: readonly JournalEvent[];
  readonly notices: readonly NoticeRow[];
  /** Waits that ended without what they waited for. */
  readonly missed: readonly MissedWait[];
}

export interface RoundOptions {
  readonly seed: number;
  /** Whether the agent allows a turn to run again. */
  readonly replay: boolean;
  readonly onDrain: 'refuse' | 'queue';
  /** Whether the programs see a clock that can be moved. */
  readonly movableClock: boolean;
}

export interface Interval {
  readonly from: number;
  readonly to: number;
}

export type Route = 'sync' | 'async' | 'wait' | 'sse' | 'openai' | 'openai-stream';

/** The last word about a message. */
export interface Answer {
  readonly status: 'done' | 'failed' | 'interrupted';
  readonly reply?: string | undefined;
}

/** What a client knows of its message after a request. */
export type Outcome =
  | { readonly kind: 'final'; readonly answer: Answer; readonly turnId?: string | undefined }
  | { readonly kind: 'acknowledged'; readonly turnId?: string | undefined }
  /** Not stored, by the gateway's own word. */
  | { readonly kind: 'refused'; readonly code: string }
  /** The connection broke, or the client left. */
  | { readonly kind: 'unknown'; readonly why: string }
  /** Neither an answer nor an error came. */
  | { readonly kind: 'hung' }
  /** An answer that no message should get. */
  | { readonly kind: 'strange'; readonly what: string };

/** A message sent once. */
export interface Request {
  readonly session: string;
  readonly message: string;
  readonly route: Route;
  readonly sentAt: number;
  readonly endedAt: number;
  readonly outcome: Outcome;
}

/** A drain that was asked for, and since when it is certainly in force: `undefined` when that is not known. */
export interface Hold {
  readonly from: number;
  readonly since: number | undefined;
  readonly requestId: string | undefined;
}

/** Within it, whatever drain is in force may end. `to` is infinite when it is not known whether and when it ended. */
export interface Release extends Interval {
  readonly why: string;
}

export interface FaultWindow extends Interval {
  readonly name: string;
  readonly detail: string;
}

/** A process of ours, from its start to its end. */
export interface Life {
  readonly program: 'gateway' | 'dashboard' | 'second dashboard';
  readonly pid: number;
  readonly startedAt: number;
  readyAt: number | undefined;
  endedAt: number | undefined;
  /** An exit code, or a signal. */
  exit: number | string | undefined;
  /** The first deadly signal that it was sent. */
  asked: { readonly signal: string; readonly at: number } | undefined;
}

/** An agent's process working on a message. */
export interface Run {
  readonly message: string;
  readonly pid: number;
  readonly startedAt: number;
  /** When it said that its work was done; `undefined` if it was cut off. */
  endedAt: number | undefined;
  /** When its process was last seen alive. */
  aliveAt: number;
}

export interface JournalRow {
  readonly id: string;
  readonly session: string;
  readonly message_id: string | null;
  readonly status: string;
  readonly attempts: number;
  readonly reply: string | null;
  readonly problem: string | null;
  readonly ended_at: number | null;
}

export interface JournalEvent {
  readonly seq: number;
  readonly session: string;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface NoticeRow {
  readonly session: string;
  readonly drain: string;
  readonly back_at: number | null;
}

export interface MissedWait {
  readonly at: number;
  readonly what: string;
}

/** Something that must not happen and did. */
export interface Violation {
  readonly rule: string;
  readonly at: number;
  readonly message?: string | undefined;
  readonly text: string;
}

/** `session.number`, by which a message is found in everything that an observer sees. */
export function messageId(session: string, number: number): string {
  return `${session}.${number}`;
}

export function partsOf(message: string): { readonly session: string; readonly number: number } {
  const dot = message.lastIndexOf('.');
  return { session: message.slice(0, dot), number: Number(message.slice(dot + 1)) };
}

export function isAcknowledged({ outcome }: Request): boolean {
  return outcome.kind === 'final' || outcome.kind === 'acknowledged';
}

/** Until when a run occupied its session, as far as anyone can tell. */
export function endOf(run: Run): number {
  return run.endedAt ?? run.aliveAt;
}

export function overlaps(a: Interval, b: Interval): boolean {
  return a.from <= b.to && b.from <= a.to;
}
