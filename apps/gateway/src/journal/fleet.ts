import type { EventEmitter } from 'node:events';
import type { Announcement } from './event-store.ts';
import type { TurnEnd, UnfinishedTurn } from './turn-store.ts';

/** A turn that this gateway must run, if it still is its owner: it is stored as running. */
export interface ClaimedTurn extends UnfinishedTurn {
  /** {@link Fleet.owner} when it was claimed. */
  readonly owner: string;
  readonly text: string;
}

/** A piece of the reply of a running turn. */
export interface ReplyPiece {
  readonly turn: string;
  /** Which start of the turn it is of, from 1. */
  readonly attempt: number;
  /** The length of the reply before it, in UTF-16 code units. */
  readonly offset: number;
  readonly text: string;
}

/** A gateway that uses the same journal. Times are Unix ms by the clock of the database. */
export interface Peer {
  /** Unique to its process. */
  readonly owner: string;
  /** What the configuration calls it. */
  readonly name: string;
  readonly isThisOne: boolean;
  /** Whether it takes turns from the others. */
  readonly takesTurns: boolean;
  readonly running: number;
  readonly startedAt: number;
  readonly seenAt: number;
}

export interface FleetEvents {
  /** Another gateway changed turns or stored events in these sessions. It only says "look": it may be late or missing. */
  news: [sessions: readonly string[]];
  /** Turns wait that no gateway runs, so {@link Fleet.claim} may find some. It may be missing: claim now and then. */
  waiting: [];
  /** This gateway took over running turns of gateways that are gone, and owns them now. */
  adopted: [turns: readonly UnfinishedTurn[]];
  /** Another gateway wants the reply of a turn that runs here as it grows. */
  watched: [turn: string];
  /** The reply of a turn of another gateway has grown. Pieces may be missing. */
  piece: [ReplyPiece];
  /** A client of another gateway wants a turn to end that runs here. `why` is for the person who waits. */
  interrupt: [turn: string, why: string];
  /** Some of the above may be missing, after a connection broke: look at everything. */
  resync: [];
  /**
   * This process does not own its running turns any more: others have taken them over, or will. Their agents must be
   * aborted; their ends would be refused. `waitFor` is told when that is done: until then this gateway does not take its
   * own turns over again.
   */
  lost: [problem: string, waitFor: (ending: Promise<unknown>) => void];
}

/**
 * What a journal that several gateways share offers beyond that of one gateway. A turn that waits belongs to no gateway:
 * each may claim it when it is the next of its session. A running turn belongs to the gateway that runs it.
 */
export interface Fleet extends EventEmitter<FleetEvents> {
  /** What the other gateways call this one. */
  readonly name: string;
  /** Whose turns this gateway runs; `undefined` from `lost` until it has joined the others again, with a new one. */
  readonly owner: string | undefined;
  /** The number of other gateways, as far as this one knows. */
  readonly others: number;
  /** The number of other gateways that take turns, as far as this one knows. */
  readonly takers: number;
  /** All gateways, also this one, the oldest first. */
  peers(): Promise<Peer[]>;
  /** Tells the others whether this gateway takes turns; resolves when that is stored. */
  takeTurns(doesTake: boolean): Promise<void>;
  /**
   * Starts waiting turns that are the next of their session, the oldest first, at most `limit`, and at most `maxBytes` of
   * texts, but always one.
   */
  claim(limit: number, maxBytes: number, at: number): Promise<ClaimedTurn[]>;
  /**
   * Ends a turn as {@link TurnStore.end} does, and starts the next one of its session in the same commit.
   * @returns the next one, if one waits. @throws Error with the code NO_SUCH_TURN.
   */
  endAndClaim(id: string, end: TurnEnd, announcement: Announcement, at: number): Promise<ClaimedTurn | undefined>;
  /**
   * Returns a turn that this gateway owns to those that wait. No error if it does not own it.
   * @param attempts the number of its starts so far.
   */
  giveBack(id: string, attempts: number): Promise<void>;
  /** Which of these turns have ended, or are not in the journal. */
  ended(turns: readonly string[]): Promise<string[]>;
  /** Asks the gateway that runs the turn to interrupt it. */
  interrupt(turn: string, why: string): void;
  /** Asks the gateway that runs the turn for its reply from the beginning, as it grows. */
  watch(turn: string): void;
  /** Sends a piece of a reply to the other gateways. Pieces are dropped when there are too many. */
  sendPiece(piece: ReplyPiece): void;
  /**
   * Tries to become the only gateway with the lease `name`; it is lost when this process ends or the journal emits
   * `lost`. @returns whether this gateway has it now.
   */
  tryLease(name: string): Promise<boolean>;
  /** Gives a lease up, so that another gateway can get it. */
  releaseLease(name: string): Promise<void>;
}
