/**
 * Why a turn failed, as a sentence for the person who waits for the reply. The details go to the log, never in here.
 */
export class AgentError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'AgentError';
  }
}
