import type { UpstreamError } from '../openai-wire/upstream-error.ts';

/**
 * Why a turn failed, as a sentence for the person who waits for the reply. The details go to the log, never in here.
 */
export class AgentError extends Error {
  /** What the client of a request with a form gets instead of the sentence. */
  readonly upstream: UpstreamError | undefined;

  constructor(message: string, upstream?: UpstreamError, options?: ErrorOptions) {
    super(message, options);
    this.name = 'AgentError';
    this.upstream = upstream;
  }
}
