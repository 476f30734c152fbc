import type { Logger } from '@hermes/service-kit';
import type { AgentProcess } from '../journal/turn-store.ts';

/** What an agent is asked. */
export interface AgentRequest {
  /** Id of the turn. */
  readonly turn: string;
  readonly session: string;
  readonly text: string;
}

/** Whatever answers messages: text in, text out piece by piece. */
export interface Agent {
  readonly name: string;
  /**
   * Whether a turn that a crash of the gateway cut off may be run again from its beginning. False where the first half
   * may have had effects that must not happen twice; such a turn is reported as interrupted instead.
   */
  readonly replayable: boolean;
  /** How long it may take to let go after an abort, in ms: a shutdown waits that long for the turns it cuts off. */
  readonly abortTimeoutMs: number;
  /** How long a turn may take at most, in ms. */
  readonly turnTimeout: number;
  /**
   * Answers one message. Stops soon after `signal` aborts, by throwing or by ending, and has by then let go of
   * everything it held: processes, connections, timers.
   * @throws AgentError when the turn failed in a way that people can be told; anything else is a bug.
   */
  reply(request: AgentRequest, signal: AbortSignal): AsyncIterable<string>;
}

/** What an agent is given when it is made. */
export interface AgentContext {
  readonly log: Logger;
  readonly environment: Readonly<NodeJS.ProcessEnv>;
  /** The variables in it that hold a secret of the gateway, or name a file with one. */
  readonly secretNames: ReadonlySet<string>;
  /** The home of the gateway, which is private and writable. */
  readonly home: string;
  /** The home that holds those of all profiles. */
  readonly rootHome: string;
  /**
   * Stores which process has been started for a turn, so that the next gateway can end it when this one is killed.
   * Resolves when that would survive a power cut. @throws when it could not be stored.
   */
  recordProcess(turn: string, process: AgentProcess): Promise<void>;
}
