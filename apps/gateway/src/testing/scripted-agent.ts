import { once } from 'node:events';
import type { Agent, AgentRequest } from '../agents/agent.ts';
import type { PartKind } from '../openai-wire/parts.ts';

/** One call of a scripted agent, which the test brings to its end. */
export class Call {
  readonly request: AgentRequest;
  readonly signal: AbortSignal;
  readonly #pieces: string[] = [];
  #end: { error?: Error } | undefined;
  #changed = Promise.withResolvers<void>();

  constructor(request: AgentRequest, signal: AbortSignal) {
    this.request = request;
    this.signal = signal;
  }

  /** Whether the test, or the wish to stop, has ended it. */
  get ended(): boolean {
    return this.#end !== undefined;
  }

  say(text: string): void {
    this.#pieces.push(text);
    this.#changed.resolve();
  }

  /** Ends the reply, by throwing when there is an error. */
  end(error?: Error): void {
    this.#end = error ? { error } : {};
    this.#changed.resolve();
  }

  async *pieces(): AsyncIterable<string> {
    for (;;) {
      for (const piece of this.#pieces.splice(0)) yield piece;
      if (this.#end?.error) throw this.#end.error;
      if (this.#end) return;
      await this.#changed.promise;
      this.#changed = Promise.withResolvers();
    }
  }
}

/** An agent whose replies a test writes, one call at a time. */
export class ScriptedAgent implements Agent {
  readonly name = 'scripted';
  readonly replayable: boolean;
  readonly accepts: readonly PartKind[];
  readonly abortTimeoutMs = 0;
  readonly turnTimeout = 60_000;
  readonly calls: Call[] = [];
  /** Whether it continues after its signal aborts. */
  readonly #stubborn: boolean;

  constructor(options: { stubborn?: boolean; replayable?: boolean; accepts?: readonly PartKind[] } = {}) {
    this.accepts = options.accepts ?? [];
    this.replayable = options.replayable ?? true;
    this.#stubborn = options.stubborn ?? false;
  }

  /** The texts it was asked, in the order they were started. */
  get asked(): string[] {
    return this.calls.map((call) => call.request.text);
  }

  call(index: number): Call {
    const call = this.calls[index];
    if (call === undefined) throw new Error(`the agent was asked ${this.calls.length} times, not ${index + 1}`);
    return call;
  }

  reply(request: AgentRequest, signal: AbortSignal): AsyncIterable<string> {
    const call = new Call(request, signal);
    this.calls.push(call);
    if (!this.#stubborn) void once(signal, 'abort').then(() => call.end(new Error('aborted')));
    return call.pieces();
  }
}
