import type { Agent, AgentRequest } from './agent.ts';
import type { EchoAgentConfig } from './config.ts';

/**
 * Repeats the message word by word, spread over `delay_ms`. For trials, and for measuring everything except an agent.
 */
export class EchoAgent implements Agent {
  readonly name = 'echo';
  readonly abortTimeoutMs = 0;
  readonly turnTimeout: number;
  readonly replayable: boolean;
  readonly #delayMs: number;

  constructor(config: Pick<EchoAgentConfig, 'delay_ms' | 'replay'>) {
    this.#delayMs = config.delay_ms;
    this.turnTimeout = config.delay_ms;
    this.replayable = config.replay ?? true;
  }

  async *reply(request: AgentRequest, signal: AbortSignal): AsyncIterable<string> {
    if (this.#delayMs === 0) {
      yield request.text;
      return;
    }
    const words = request.text.match(/\s*\S+\s*/g) ?? [request.text];
    for (const word of words) {
      await pause(this.#delayMs / words.length, signal);
      yield word;
    }
  }
}

/**
 * Each delay of `timers/promises` uses one KiB more. With ten thousand turns in flight, a benchmark would measure that
 * instead of the gateway. @throws the abort reason of `signal`.
 */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(() => {
    signal.removeEventListener('abort', cut);
    resolve();
  }, milliseconds);
  const cut = (): void => {
    clearTimeout(timer);
    reject(signal.reason);
  };
  signal.addEventListener('abort', cut, { once: true });
  return promise;
}
