import { setTimeout as delay } from 'node:timers/promises';
import type { Agent, AgentRequest } from './agent.ts';
import type { EchoAgentConfig } from './config.ts';

/** Says what it was told, word by word, spread over `delay_ms`. For trying things out, and for measuring the rest. */
export class EchoAgent implements Agent {
  readonly name = 'echo';
  readonly letsGoWithin = 0;
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
      await delay(this.#delayMs / words.length, undefined, { signal });
      yield word;
    }
  }
}
