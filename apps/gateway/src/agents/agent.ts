import type { Logger } from '@hermes/service-kit';
import type { AgentProcess, PastTurn, RequestForm } from '../journal/turn-store.ts';
import type { ContentPart, PartKind } from '../openai-wire/parts.ts';

/** The input of an agent for one turn. */
export interface AgentRequest {
  /** Id of the turn. */
  readonly turn: string;
  readonly session: string;
  readonly text: string;
  /** The parts of a message with parts of other kinds than text; `text` is then what people see of them. */
  readonly content?: readonly ContentPart[] | undefined;
  /** What the text and the reply are, unless they are plain: see `TurnRecord`. Only for agents that forward. */
  readonly form?: RequestForm | undefined;
  /** The earlier turns of the session, in order. `undefined` if the message stands alone. */
  readonly history?: readonly PastTurn[] | undefined;
  /** The instructions of the profile, which come before those of the agent. */
  readonly system?: string | undefined;
}

/** A model that clients may name, in OpenAI's format. */
export interface Model {
  readonly id: string;
  readonly [field: string]: unknown;
}

/** Answers messages: text in, text out piece by piece. */
export interface Agent {
  readonly name: string;
  /**
   * Whether a turn that a crash of the gateway interrupted may run again from its beginning. False if a first half may
   * have effects that must not happen twice; the gateway then reports such a turn as interrupted.
   */
  readonly replayable: boolean;
  /** Whether it wants the history of a session. Default: no. */
  readonly remembers?: boolean;
  /** Maximum time to release its resources after an abort, in ms. A shutdown waits this long for interrupted turns. */
  readonly abortTimeoutMs: number;
  /** The kinds of parts besides text that it takes. Default: none. */
  readonly accepts?: readonly PartKind[];
  /** Whether it takes requests with a form, and answers them in that form. */
  readonly forwards?: boolean;
  /** The models that clients may name in requests with a form. @throws AgentError */
  models?(signal: AbortSignal): Promise<readonly Model[]>;
  /** Maximum time of a turn, in ms. */
  readonly turnTimeout: number;
  /**
   * Answers one message. Stops soon after `signal` aborts, by throwing or by returning, and has by then released its
   * processes, connections and timers.
   * @throws AgentError for a failure that the user may see; any other error is a bug.
   */
  reply(request: AgentRequest, signal: AbortSignal): AsyncIterable<string>;
  /** Releases what it keeps between turns. Call it when no turn starts any more. Default: it keeps nothing. */
  close?(): Promise<void>;
}

/** The dependencies of an agent. */
export interface AgentContext {
  readonly log: Logger;
  readonly environment: Readonly<NodeJS.ProcessEnv>;
  /** The variables in it that hold a secret of the gateway, or name a file with one. */
  readonly secretNames: ReadonlySet<string>;
  /** The home of the gateway: private and writable. */
  readonly home: string;
  /** The root home, which contains the homes of all profiles. */
  readonly rootHome: string;
  /**
   * Stores the process that was started for a turn, so that the next gateway can end it if this one is killed. Resolves
   * when the record would survive a power cut. @throws when it could not be stored.
   */
  recordProcess(turn: string, process: AgentProcess): Promise<void>;
}
