import type { Agent, AgentRequest } from './agent.ts';
import type { EchoAgentConfig } from './config.ts';

/** Says what it was told, word by word, spread over `delay_ms`. For trying things out, and for measuring the rest. */
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
 * The delay of `timers/promises` holds a KiB more while it lasts: with ten thousand turns in flight, that would be measured
 * in place of the rest. @throws what `signal` was aborted for.
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
