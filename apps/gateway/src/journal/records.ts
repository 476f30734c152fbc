import type { TurnKind } from '../gate/gate.ts';

/** Name of the journal in a profile's home directory. */
export const JOURNAL_FILENAME = 'gateway.db';

/** `accepted -> running -> done | failed | interrupted`. */
export const TURN_STATUSES = ['accepted', 'running', 'done', 'failed', 'interrupted'] as const;
export type TurnStatus = (typeof TURN_STATUSES)[number];
export type EndStatus = Exclude<TurnStatus, 'accepted' | 'running'>;

/** A turn as the journal keeps it. Times are Unix ms. */
export interface TurnRecord {
  readonly id: string;
  readonly session: string;
  /** The sender's own id of the message, unique in its session. */
  readonly messageId: string | null;
  readonly kind: TurnKind;
  /** How the request is recognised when it is sent again without an id. */
  readonly fingerprint: string | null;
  readonly text: string;
  readonly status: TurnStatus;
  /** How often it has been started. */
  readonly attempts: number;
  readonly reply: string | null;
  /** Why it ended without a reply, for the person who waits. */
  readonly problem: string | null;
  readonly acceptedAt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
}

/** A turn that has not ended, without its text. */
export interface UnfinishedTurn extends Omit<TurnRecord, 'text' | 'reply' | 'problem' | 'endedAt'> {
  /** Its place in the journal. */
  readonly seq: number;
  /** Of its text, in UTF-8. */
  readonly bytes: number;
}

/** The process that an agent has started for a turn, and that leads a session and a process group of its own. */
export interface AgentProcess {
  /** Its process id, and that of its group and its session. */
  readonly group: number;
  /** Clock ticks since boot, as text; empty where the system does not tell. With the epoch it outlives a reused id. */
  readonly startTime: string;
  /** The boot in which it runs; empty when unknown. */
  readonly epoch: string;
}

/** A turn that had not ended when its gateway did. */
export interface CutOffTurn {
  readonly turn: string;
  /** `undefined` when the agent had started none. */
  readonly process: AgentProcess | undefined;
}

/** How a turn ended. */
export interface TurnEnd {
  readonly status: EndStatus;
  readonly reply: string | null;
  readonly problem: string | null;
  readonly endedAt: number;
}

/** Something that the people of a session are told: the end of a turn, or a notice. */
export interface SessionEvent {
  /** Grows with every event of the gateway; what a reader resumes from. */
  readonly seq: number;
  readonly session: string;
  readonly type: 'turn' | 'notice';
  readonly data: Readonly<Record<string, unknown>>;
  /** Unix ms. */
  readonly at: number;
}

/** A message on its way out through a channel, kept until it has arrived or is given up. */
export interface Delivery {
  readonly seq: number;
  readonly channel: string;
  readonly session: string;
  readonly event: Readonly<Record<string, unknown>>;
  /** Unix ms; when the thing happened that it tells. */
  readonly at: number;
  readonly attempts: number;
  /** Unix ms; not tried before. */
  readonly nextAt: number;
  /** Unix ms after which it makes no sense any more, or `null`. */
  readonly expiresAt: number | null;
}

/** A delivery that has not arrived, without what it tells, which may be long. */
export interface PendingDelivery extends Omit<Delivery, 'event'> {
  /** Of what it tells, as JSON in UTF-8. */
  readonly bytes: number;
}

/** What is forgotten when it is old. */
export const PRUNABLE_TABLES = ['turns', 'events', 'notices', 'deliveries'] as const;
export type PrunableTable = (typeof PRUNABLE_TABLES)[number];

/** A look at some rows of a table, to forget the old ones among them. Times are Unix ms. */
export interface PruneStep {
  /** What was over before then is forgotten. */
  readonly before: number;
  readonly now: number;
  /** Where the look begins: 0, or what the step before said. */
  readonly after: number;
  /** How many rows are looked at. */
  readonly limit: number;
}

export interface PruneResult {
  readonly forgotten: number;
  /** Where the next step begins, or `null` when what follows is too young. */
  readonly next: number | null;
}

/** What to look for among the turns; no word means all of them. */
export interface TurnQuery {
  readonly session?: string | undefined;
  readonly status?: TurnStatus | undefined;
  /** At most this many, the newest first. */
  readonly limit: number;
}
