/** What an agent is asked. */
export interface AgentRequest {
  readonly session: string;
  readonly text: string;
}

/** Whatever answers messages: text in, text out piece by piece. */
export interface Agent {
  readonly name: string;
  /** Whether a turn that a crash cut off may be run again: not when that would do something twice. */
  readonly replayable: boolean;
  /**
   * Answers one message. Stops soon after `signal` aborts, by throwing or by ending.
   * @throws whatever went wrong; the turn is then `failed` with its message.
   */
  reply(request: AgentRequest, signal: AbortSignal): AsyncIterable<string>;
}
