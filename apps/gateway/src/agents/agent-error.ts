/** Why a turn failed, in a sentence for the person who waits. The details are in the log and never in here. */
export class AgentError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'AgentError';
  }
}
