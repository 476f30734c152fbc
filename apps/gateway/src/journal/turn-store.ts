import type { TurnKind } from '../gate/gate.ts';
import type { Announcement } from './event-store.ts';

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

/** A turn in its place among all turns. */
export interface ListedTurn extends TurnRecord {
  /** Grows in the order in which turns were accepted. */
  readonly seq: number;
}

/** A turn that has not ended, without its text. */
export interface UnfinishedTurn extends Omit<TurnRecord, 'text' | 'reply' | 'problem' | 'endedAt'> {
  /** Grows in the order in which turns were accepted. */
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

/** What to look for among the turns; without `session` or `status`, all of them. */
export interface TurnQuery {
  readonly session?: string | undefined;
  readonly status?: TurnStatus | undefined;
  /** Only those accepted before the turn with this `seq`. */
  readonly before?: number | undefined;
  /** At most this many, the newest first. */
  readonly limit: number;
  /** The turn whose text and reply make it so many bytes in all is the last one. Default: no limit. */
  readonly maxBytes?: number | undefined;
}

/** `code` of the error for a turn that the journal does not have, or has as ended: trying again cannot help. */
export const NO_SUCH_TURN = 'ERR_NO_SUCH_TURN';

/** Turns to look at. */
export interface TurnHistory {
  /** A page of the turns that `query` asks for. */
  turns(query: TurnQuery): Promise<ListedTurn[]>;
}

/**
 * Turns, from the message to the end. A store acts for one owner, the process that has opened it: a turn is owned by the
 * process that accepted it or took it over, and only its owner starts and ends it. To everyone else it is a turn that
 * the journal does not have.
 */
export interface TurnStore extends TurnHistory {
  /**
   * Stores a new turn, as `accepted` or already `running`. Rejects when it, or another turn of its session with its
   * message id, is there already; with a {@link JournalLostError} where the journal's files are gone, so that the turn
   * would be gone with the process.
   */
  accept(turn: TurnRecord): Promise<void>;
  /** An accepted turn begins. @returns its text. @throws Error with the code {@link NO_SUCH_TURN}. */
  start(id: string, at: number): Promise<string>;
  /**
   * The agent has started a process for a running turn, in place of an earlier one.
   * @throws Error with the code {@link NO_SUCH_TURN}.
   */
  recordAgentProcess(id: string, process: AgentProcess): Promise<void>;
  /**
   * A turn ends, and the event of that is stored in the same commit. @returns the number of the event.
   * @throws Error with the code {@link NO_SUCH_TURN}.
   */
  end(id: string, end: TurnEnd, announcement: Announcement): Promise<number>;
  find(id: string): Promise<TurnRecord | undefined>;
  findMessage(session: string, messageId: string): Promise<TurnRecord | undefined>;
  /** Its owner's turns that are running: after a start, those that were when the process before ended. */
  cutOffTurns(): Promise<CutOffTurn[]>;
  /**
   * Its owner's turns that have not ended, in the order they were accepted, after the one at `after`, at most `limit`.
   * After a start, those of the process before are its own.
   */
  unfinished(after: number, limit: number): Promise<UnfinishedTurn[]>;
}
