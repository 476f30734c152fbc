import type { TurnKind } from '../gate/gate.ts';
import type { Announcement } from './event-store.ts';

/** `accepted -> running -> done | failed | interrupted`. */
export const TURN_STATUSES = ['accepted', 'running', 'done', 'failed', 'interrupted'] as const;
export type TurnStatus = (typeof TURN_STATUSES)[number];
export type OpenStatus = Extract<TurnStatus, 'accepted' | 'running'>;
export type EndStatus = Exclude<TurnStatus, OpenStatus>;

/** The routes of the OpenAI API whose requests an agent may get as they came. */
export const REQUEST_FORMS = ['chat.completions', 'responses'] as const;
export type RequestForm = (typeof REQUEST_FORMS)[number];

/** What the text of a turn may be besides plain text. */
export type TurnForm = RequestForm | 'parts';

/**
 * What a turn is in the conversation of its session: an `exchange` of the agent with its user; `separate` from it, such
 * as a request whose client sends the history itself; or the `start` of a new conversation, which forgets all before.
 */
export const CONVERSATION_PARTS = ['exchange', 'separate', 'start'] as const;
export type ConversationPart = (typeof CONVERSATION_PARTS)[number];

/** A turn in the journal. Times are Unix ms. */
export interface TurnRecord {
  readonly id: string;
  readonly session: string;
  /** The client's own id of the message, unique in its session. */
  readonly messageId: string | null;
  readonly kind: TurnKind;
  readonly conversation: ConversationPart;
  /** Identifies a request without an id when it is sent again. */
  readonly fingerprint: string | null;
  /**
   * What its text and its reply are: `null` is plain text. With `parts`, the text is a JSON array of `ContentPart`, and the
   * reply is plain. Otherwise the text is the JSON body of a request to this route of the OpenAI API, and the reply is the
   * body of the answer: JSON, or server-sent events.
   */
  readonly form: TurnForm | null;
  readonly text: string;
  readonly status: TurnStatus;
  /** Number of starts. */
  readonly attempts: number;
  /** Of a turn that failed or was interrupted: what there is of it. If its request was forwarded: see `UpstreamAnswer`. */
  readonly reply: string | null;
  /** Why it ended without a reply, for the person who waits for it. */
  readonly problem: string | null;
  readonly acceptedAt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
}

/** A turn with its position among all turns. */
export interface ListedTurn extends TurnRecord {
  /** Grows in the order in which turns were accepted. */
  readonly seq: number;
  /** The name of the gateway that started it last, if several share the journal and it is still known. */
  readonly gateway?: string;
}

/** A turn that has not ended, without its text. */
export interface UnfinishedTurn extends Omit<TurnRecord, 'text' | 'reply' | 'problem' | 'endedAt'> {
  /** Grows in the order in which turns were accepted. */
  readonly seq: number;
  /** Bytes of its text, in UTF-8. */
  readonly bytes: number;
}

/** The process that an agent has started for a turn: the leader of its own session and process group. */
export interface AgentProcess {
  /** Its process id, which is also the id of its group and its session. */
  readonly group: number;
  /**
   * Clock ticks since boot, as text; empty if the system does not report them. With the epoch, it distinguishes
   * processes with a reused id.
   */
  readonly startTime: string;
  /** The boot in which it runs; empty when unknown. */
  readonly epoch: string;
}

/** A turn that had not ended when its gateway ended. */
export interface CutOffTurn {
  readonly turn: string;
  /** `undefined` if the agent had not started one. */
  readonly process: AgentProcess | undefined;
}

/** How a turn ended. */
export interface TurnEnd {
  readonly status: EndStatus;
  readonly reply: string | null;
  readonly problem: string | null;
  readonly endedAt: number;
}

/** An earlier exchange of a conversation. Without a whole reply, `problem` says why. */
export type PastTurn = Pick<TurnRecord, 'id' | 'text' | 'reply' | 'problem'> & {
  readonly status: EndStatus;
  /** Whether the text is parts. */
  readonly form?: 'parts' | undefined;
};

/** How much of a conversation is read: the newest whole turns. */
export interface HistoryLimits {
  readonly turns: number;
  /** UTF-16 code units of their texts and replies; parts of messages that are not text do not count. */
  readonly maxChars: number;
}

/**
 * UTF-16 code units of stored messages with parts, such as images, after which a history ends: it has the message that
 * reaches this, and none before it.
 */
export const MAX_HISTORY_PARTS = 16 * 1_048_576;

/** A filter for turns; without `session` or `status`, all turns. */
export interface TurnQuery {
  readonly session?: string | undefined;
  readonly status?: TurnStatus | undefined;
  /** Only those accepted before the turn with this `seq`. */
  readonly before?: number | undefined;
  /** At most this many, the newest first. */
  readonly limit: number;
  /** The list ends with the turn whose text and reply bring the total to this many bytes. Default: no limit. */
  readonly maxBytes?: number | undefined;
}

/** `code` of the error for a turn that does not exist in the journal or has ended: a retry cannot help. */
export const NO_SUCH_TURN = 'ERR_NO_SUCH_TURN';

/** `code` of the error for a turn that is in the journal already, by its id or by its message id. */
export const DUPLICATE_TURN = 'ERR_DUPLICATE_TURN';

/** What a turn says. */
export type TurnContent = Pick<TurnRecord, 'text' | 'form'>;

/** Access to lists of turns. */
export interface TurnHistory {
  /** A page of the turns that match `query`. */
  turns(query: TurnQuery): Promise<ListedTurn[]>;
}

/**
 * Turns, from the message to the end. A store acts for one owner, the process that opened it. The process that accepted a
 * turn or took it over owns the turn, and only the owner starts and ends it. For other processes, the turn does not exist.
 */
export interface TurnStore extends TurnHistory {
  /**
   * Stores a new turn, as `accepted` or already `running`. Rejects if it exists already, or if another turn of its session
   * has its message id: with the code {@link DUPLICATE_TURN}. Rejects with a {@link JournalLostError} if the journal's
   * files are missing, so that the turn would be lost at the end of the process.
   * @returns the status as stored: in a journal that gateways share, a turn to run is only `accepted` while an earlier
   * turn of its session has not ended, or when another gateway may have taken it over before the answer came.
   */
  accept(turn: TurnRecord): Promise<OpenStatus>;
  /** Starts an accepted turn. @returns what it says now. @throws Error with the code {@link NO_SUCH_TURN}. */
  start(id: string, at: number): Promise<TurnContent>;
  /**
   * Records the process that an agent has started for a running turn; replaces an earlier one.
   * @throws Error with the code {@link NO_SUCH_TURN}.
   */
  recordAgentProcess(id: string, process: AgentProcess): Promise<void>;
  /**
   * Ends a turn, and stores the event in the same commit. @returns the number of the event.
   * @throws Error with the code {@link NO_SUCH_TURN}.
   */
  end(id: string, end: TurnEnd, announcement: Announcement): Promise<number>;
  /**
   * Stores a turn that has ended already, which the gateway itself has answered, and the event in the same commit. Rejects
   * as {@link accept}.
   * @param drain the session counts as notified of this drain, so that it is notified of its end.
   * @returns the number of the event.
   */
  answer(turn: TurnRecord, announcement: Announcement, drain?: string): Promise<number>;
  /**
   * Replaces what a turn says that has not started. Not a request of the OpenAI API.
   * @returns whether it was replaced.
   */
  revise(id: string, content: TurnContent): Promise<boolean>;
  /** Gives the ended turns of a session to another one, which goes on with its conversation. */
  moveSession(from: string, to: string): Promise<void>;
  find(id: string): Promise<TurnRecord | undefined>;
  /** The exchanges before a turn of a conversation, the oldest first; the same for each start of the turn. */
  history(id: string, limits: HistoryLimits): Promise<PastTurn[]>;
  findMessage(session: string, messageId: string): Promise<TurnRecord | undefined>;
  /** Its owner's running turns: after a start, those that ran when the previous process ended. */
  cutOffTurns(): Promise<CutOffTurn[]>;
  /**
   * Its owner's turns that have not ended, in the order of acceptance, after the one at `after`, at most `limit`.
   * After a start, they include those of the previous process.
   */
  unfinished(after: number, limit: number): Promise<UnfinishedTurn[]>;
}
